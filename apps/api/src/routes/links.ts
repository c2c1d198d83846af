import { createHash } from 'node:crypto'
import type { Call, Route } from '../server.ts'

/** The fragment is never sent, so only the browser can carry it over. */
const SCRIPT = `location.replace(document.documentElement.dataset.console + encodeURIComponent(location.hash))`
const SCRIPT_HASH = createHash('sha256').update(SCRIPT).digest('base64')

/**
 * MLflow's clients print links to the tracking server's own pages (`/#/experiments/1/runs/…`): they lead to the same run
 * in the console. Anybody may ask; who may look is the console's matter.
 */
export function linkRoutes(args: { consoleUrl: string }): Route[] {
  const handle = async ({ response, params }: Call) => {
    const target = new URL('/mlflow', args.consoleUrl)
    if (params.project !== undefined) target.searchParams.set('project', params.project)
    target.searchParams.set('to', '')
    const address = target.href.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src 'sha256-${SCRIPT_HASH}'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    response.end(
      `<!doctype html><html lang="en" data-console="${address}"><meta charset="utf-8"><title>Modelyard</title>` +
        `<p>To the <a href="${address}">console</a></p><script>${SCRIPT}</script></html>`,
    )
  }
  return [
    { method: 'GET', name: '/', path: /^\/$/, handle },
    { method: 'GET', name: '/projects/{slug}', path: /^\/projects\/(?<project>[a-z0-9-]{1,63})\/?$/, handle },
  ]
}
