import { expect, test } from 'vitest'
import { readEnv } from './env.ts'

test('children inherit where programs are, never what the caller keeps secret', () => {
  const { inherited, databaseUrl, logLevel, webhookAllow } = readEnv({
    PATH: '/bin',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    AWS_SECRET_ACCESS_KEY: 'secret',
    DATABASE_URL: '',
    MODELYARD_WEBHOOK_ALLOW: '10.0.0.7:8080,pager.lan:443',
    npm_config_registry: 'http://registry',
  })
  expect(Object.keys(inherited).sort()).toEqual(['LANG', 'NO_COLOR', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'PATH'])
  expect(databaseUrl).toBeUndefined()
  expect(logLevel).toBe('info')
  expect(webhookAllow).toEqual(['10.0.0.7:8080', 'pager.lan:443'])
})

test('the store of artifacts comes with its credentials, and they with nothing else', () => {
  const s3 = { MODELYARD_BLOB_URL: 's3://artifacts', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }
  expect(readEnv({ ...s3, PATH: '/bin' }).blobStore).toEqual(s3)
  expect(readEnv({ ...s3, MODELYARD_BLOB_URL: '' }).blobStore).toEqual({})
  expect(readEnv({ MODELYARD_MAX_ARTIFACT_BYTES: '5' }).blobStore).toEqual({ MODELYARD_MAX_ARTIFACT_BYTES: '5' })
})
