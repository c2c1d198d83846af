// npm 10 drops the `node` link of the platform package it keeps when it discards the sibling platform's; put it back.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = join(dirname(fileURLToPath(import.meta.url)), '../../../node_modules')
const carried = `node-${process.platform}-${process.arch}`
const link = join(modules, '.bin/node')

if (existsSync(join(modules, carried, 'bin/node')) && !existsSync(link)) {
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(join('..', carried, 'bin/node'), link)
}
