import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../bootstrap/postgres.mjs'
import { readEnv } from '../env.ts'

/**
 * Vitest's global set-up of the database tests: runs once and only when such a test is to run.
 * Leaves an administrator's URL in `MODELYARD_TEST_DATABASE_URL`, from which each test file clones its own database.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const given = readEnv().testDatabaseUrl
  if (given) {
    process.env.MODELYARD_TEST_DATABASE_URL = given
    return undefined
  }
  const home = await mkdtemp(join(tmpdir(), 'modelyard-test-'))
  // When we are root the server runs as another user, who must be able to enter.
  await chmod(home, 0o711)
  const postgres = await startPostgres({ home: join(home, 'postgres'), fast: true })
  process.env.MODELYARD_TEST_DATABASE_URL = postgres.adminUrl
  return async () => {
    await postgres.stop()
    await rm(home, { recursive: true, force: true })
  }
}
