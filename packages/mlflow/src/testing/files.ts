import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { hexOfId } from '@modelyard/domain'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { runSeeder } from '@modelyard/services/testing/runs'
import { type Wire, wireOf } from './wire.ts'

export type FileStage = {
  database: TestDatabase
  stage: TestStage
  /** As an editor of the project. */
  send: Wire
  /** A run with where its files are on the wire: `<number>/<hex>/artifacts`. */
  makeRun: () => Promise<{ id: string; hex: string; number: number; at: string }>
  close: () => Promise<void>
}

/** A database with a project in which files of runs are sent and fetched. */
export async function fileStage(): Promise<FileStage> {
  const database = await testDatabase()
  const stage = await testStage(database.db)
  const add = runSeeder(stage)
  return {
    ...{ database, stage, send: wireOf(stage.as('editor'), 'digits') },
    makeRun: async () => {
      const id = await add.addRun({ name: 'logged' })
      const { number } = await add.experimentNamed('first')
      return { id, hex: hexOfId(id), number, at: `${number}/${hexOfId(id)}/artifacts` }
    },
    close: async () => {
      stage.close()
      await database.drop()
    },
  }
}
