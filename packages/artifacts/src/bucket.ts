import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import type { Aside } from './aside.ts'
import type { ByteRange } from './store.ts'

export type BucketSettings = {
  bucket: string
  /** Of every key; '' or ending in a slash. */
  prefix: string
  region: string
  /** Of a server other than Amazon's. */
  endpoint?: string
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  pathStyle: boolean
  /** Absent: what the SDK finds itself (environment, profile, role of the machine). */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}

const MIB = 1 << 20
/** Up to here a body is held in memory and stored by one request; above, by parts of at least this. */
export const PART_BYTES = 8 * MIB
/** S3 takes no more parts of an object. */
const MAX_PARTS = 10_000

/** The few requests of S3 that the store is made of; keys are relative to the prefix. */
export class Bucket {
  readonly #settings: BucketSettings
  #client: Promise<{ sdk: typeof import('@aws-sdk/client-s3'); client: S3Client }> | undefined

  constructor(settings: BucketSettings) {
    this.#settings = settings
  }

  async size(key: string): Promise<number | null> {
    const { sdk, client } = await this.#connect()
    const found = await absentAsNull(client.send(new sdk.HeadObjectCommand(this.#at(key))))
    return found && (found.ContentLength ?? 0)
  }

  async get(key: string, range?: ByteRange): Promise<Readable | null> {
    const { sdk, client } = await this.#connect()
    const ranged = range ? { Range: `bytes=${range.start}-${range.end}` } : {}
    const found = await absentAsNull(client.send(new sdk.GetObjectCommand({ ...this.#at(key), ...ranged })))
    return found && streamOf(found)
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const { sdk, client } = await this.#connect()
    await client.send(new sdk.PutObjectCommand({ ...this.#at(key), Body: bytes, ContentLength: bytes.byteLength }))
  }

  async putFile(key: string, { file, sizeBytes }: Aside): Promise<void> {
    const { client } = await this.#connect()
    const { Upload } = await import('@aws-sdk/lib-storage')
    const partSize = Math.max(PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS))
    const Body = createReadStream(file, { highWaterMark: MIB })
    await new Upload({ client, partSize, queueSize: 4, params: { ...this.#at(key), Body } }).done()
  }

  async remove(key: string): Promise<void> {
    const { sdk, client } = await this.#connect()
    await client.send(new sdk.DeleteObjectCommand(this.#at(key)))
  }

  async list(folder: string): Promise<string[]> {
    const { sdk, client } = await this.#connect()
    const { Bucket: name, Key: prefix } = this.#at(folder)
    const keys: string[] = []
    let token: string | undefined
    do {
      const page = await client.send(
        new sdk.ListObjectsV2Command({ Bucket: name, Prefix: prefix, ...(token ? { ContinuationToken: token } : {}) }),
      )
      for (const { Key = '' } of page.Contents ?? []) keys.push(Key.slice(this.#settings.prefix.length))
      token = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (token)
    return keys
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#settings.bucket, Key: `${this.#settings.prefix}${key}` }
  }

  /** The SDK weighs some ten megabytes: a process that stores on disk never loads it. */
  #connect() {
    this.#client ??= connect(this.#settings)
    return this.#client
  }
}

async function connect(settings: BucketSettings) {
  const sdk = await import('@aws-sdk/client-s3')
  const { region, endpoint, pathStyle, credentials } = settings
  const client = new sdk.S3Client({
    region,
    forcePathStyle: pathStyle,
    // Checksums beyond S3's own are unknown to many servers that speak it; the store checks SHA-256 itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  })
  return { sdk, client }
}

function streamOf({ Body }: GetObjectCommandOutput): Readable {
  if (Body instanceof Readable) return Body
  throw new Error('the S3 client gave no Node stream')
}

async function absentAsNull<T>(sent: Promise<T>): Promise<T | null> {
  try {
    return await sent
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'NotFound' || name === 'NoSuchKey') return null
    throw error
  }
}
