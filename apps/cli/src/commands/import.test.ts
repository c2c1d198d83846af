import { afterEach, expect, test, vi } from 'vitest'
import { UsageError } from '../arguments.ts'
import { importCommand } from './import.ts'

afterEach(() => vi.unstubAllEnvs())

test.each(['ftp://ada:hunter2@there', 'http://ada:hunter2%@there', 'ada:hunter2@there'])(
  'an address that cannot be, such as %s, is refused without its password',
  async (from) => {
    vi.stubEnv('MODELYARD_API_KEY', 'a key')
    const said = await importCommand(['mlflow', '--from', from, '--project', 'digits']).catch((error: unknown) => error)
    expect(said).toBeInstanceOf(UsageError)
    expect(String(said)).not.toContain('hunter2')
  },
)
