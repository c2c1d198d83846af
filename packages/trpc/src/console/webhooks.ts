import {
  CreatedWebhook,
  CreateWebhook,
  DeleteWebhook,
  idOf,
  ListWebhookDeliveries,
  ProjectRef,
  RedeliverWebhook,
  TestWebhook,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookTestResult,
} from '@modelyard/contracts'
import {
  createWebhook,
  deleteWebhook,
  listWebhookDeliveries,
  listWebhooks,
  redeliverWebhook,
  testWebhook,
  updateWebhook,
} from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

export const webhooksRouter = router({
  list: procedure
    .input(ProjectRef)
    .output(z.array(Webhook))
    .query(({ ctx, input }) => listWebhooks(ctx.ctx, input)),
  create: procedure
    .input(CreateWebhook)
    .output(CreatedWebhook)
    .mutation(({ ctx, input }) => createWebhook(ctx.ctx, input)),
  update: procedure
    .input(UpdateWebhook)
    .output(Webhook)
    .mutation(({ ctx, input }) => updateWebhook(ctx.ctx, input)),
  delete: procedure
    .input(DeleteWebhook)
    .output(z.object({ id: idOf('whk') }))
    .mutation(({ ctx, input }) => deleteWebhook(ctx.ctx, input)),
  test: procedure
    .input(TestWebhook)
    .output(WebhookTestResult)
    .mutation(({ ctx, input }) => testWebhook(ctx.ctx, input)),
  deliveries: procedure
    .input(ListWebhookDeliveries)
    .output(WebhookDeliveryPage)
    .query(({ ctx, input }) => listWebhookDeliveries(ctx.ctx, input)),
  redeliver: procedure
    .input(RedeliverWebhook)
    .output(WebhookDelivery)
    .mutation(({ ctx, input }) => redeliverWebhook(ctx.ctx, input)),
})
