import { Refusal } from '@modelyard/domain/refusal'

/** Refuses a model file; every message begins with the same words, so that people see at once what was wrong. */
export function refuseModel(code: 'invalid' | 'unsupported', reason: string): never {
  throw new Refusal(code, `This model cannot be used: ${reason}.`, { field: 'model' })
}
