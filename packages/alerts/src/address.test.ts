import { isRefusal } from '@modelyard/domain'
import { describe, expect, it, vi } from 'vitest'
import { checkAddress, type Resolve } from './address.ts'

const resolve: Resolve = async (host) => {
  const known: Record<string, { address: string; family: number }[]> = {
    'public.example': [{ address: '93.184.215.14', family: 4 }],
    'private.example': [{ address: '10.0.0.8', family: 4 }],
    'mixed.example': [
      { address: '93.184.215.14', family: 4 },
      { address: '10.0.0.8', family: 4 },
    ],
    localhost: [{ address: '127.0.0.1', family: 4 }],
  }
  const found = known[host]
  if (!found) throw new Error('ENOTFOUND')
  return found
}

const refusalOf = async (url: string, allow: string[] = []) => {
  try {
    await checkAddress(url, { allow, resolve })
    return null
  } catch (error) {
    return isRefusal(error) ? error : Promise.reject(error)
  }
}

describe('checkAddress', () => {
  it.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://0/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://100.64.0.1/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://224.0.0.1/',
    'http://private.example/',
    'http://mixed.example/',
    'http://user:pw@public.example/',
    'gopher://public.example/',
    'file:///etc/passwd',
    'ftp://public.example/',
    'http://public.example:22/',
    'http://public.example:5432/',
    'http://nowhere.example/',
    'not a url',
  ])('refuses %s', async (url) => {
    const refusal = await refusalOf(url)
    expect(refusal).toMatchObject({ code: 'invalid', field: 'settings.url' })
  })

  it('takes a public name and pins the address it checked', async () => {
    await expect(checkAddress('https://public.example/hook', { allow: [], resolve })).resolves.toMatchObject({
      address: '93.184.215.14',
      family: 4,
    })
  })

  it('waits for no name server longer than five seconds', async () => {
    vi.useFakeTimers()
    const never = checkAddress('https://slow.example/', { allow: [], resolve: () => new Promise(() => {}) })
    const said = expect(never).rejects.toMatchObject({ code: 'invalid', field: 'settings.url' })
    await vi.advanceTimersByTimeAsync(5_000)
    await said
    vi.useRealTimers()
  })

  it('reaches a private address only through the exact host and port an operator allowed', async () => {
    expect(await refusalOf('http://127.0.0.1:9123/hook', ['127.0.0.1:9123'])).toBeNull()
    expect(await refusalOf('http://127.0.0.1:9124/hook', ['127.0.0.1:9123'])).not.toBeNull()
  })
})
