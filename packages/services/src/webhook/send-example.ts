import type { WebhookEvent, WebhookTestResult } from '@modelyard/contracts'
import { findWebhookRow } from '@modelyard/db'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { EXAMPLES, payloadOf } from './event.ts'
import { PERMISSION, refuseWebhook } from './read.ts'
import { sendToWebhook } from './send.ts'

type Input = { project: string; webhookId: string; event?: WebhookEvent | undefined }

/** Send one example now and say how it was taken. It leaves no delivery: nothing happened. */
export async function testWebhook(ctx: Ctx, input: Input): Promise<WebhookTestResult> {
  const { project } = await inProject(ctx, input.project, PERMISSION)
  const found = await findWebhookRow(ctx.db, { projectId: project.id, id: input.webhookId })
  const { webhook } = found ?? refuseWebhook(input.webhookId)
  const event = input.event ?? (webhook.events[0] as WebhookEvent)
  const payload = payloadOf({ ...EXAMPLES[event], format: webhook.format, at: ctx.now() })
  const { outcome, answer } = await sendToWebhook(ctx, webhook, { id: ctx.newId('whd'), payload })
  if (outcome.kind === 'network')
    return { success: false, responseStatus: null, responseBody: null, errorMessage: outcome.message }
  const success = outcome.status >= 200 && outcome.status < 300
  return { success, responseStatus: outcome.status, responseBody: answer, errorMessage: null }
}
