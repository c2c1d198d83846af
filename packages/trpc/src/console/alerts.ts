import {
  ActOnAlert,
  Alert,
  AlertState,
  AlertSummary,
  Channel,
  CreateChannel,
  CreatedChannel,
  idOf,
  PageInput,
  ProjectRef,
  pageOf,
  Slug,
} from '@modelyard/contracts'
import { actOnAlert, createChannel, getAlert, listAlerts, listChannels } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

export const alertsRouter = router({
  list: procedure
    .input(PageInput.extend({ project: Slug, state: AlertState.optional(), open: z.boolean().optional() }))
    .output(pageOf(AlertSummary))
    .query(({ ctx, input }) => listAlerts(ctx.ctx, input)),
  get: procedure
    .input(z.object({ alertId: idOf('alt') }))
    .output(Alert)
    .query(({ ctx, input }) => getAlert(ctx.ctx, input)),
  act: procedure
    .input(ActOnAlert)
    .output(z.object({ id: idOf('alt'), state: AlertState }))
    .mutation(({ ctx, input }) => actOnAlert(ctx.ctx, input)),
  channels: procedure
    .input(ProjectRef)
    .output(z.array(Channel))
    .query(({ ctx, input }) => listChannels(ctx.ctx, input)),
  createChannel: procedure
    .input(CreateChannel)
    .output(CreatedChannel)
    .mutation(({ ctx, input }) => createChannel(ctx.ctx, input)),
})
