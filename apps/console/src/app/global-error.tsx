'use client'

/** The last net: even the layout failed, so nothing of it (translations, styles) can be relied on. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Fault · Modelyard</title>
        <main>
          <h1>The console could not draw this page · 控制台无法显示此页面</h1>
          <p>Reload it; if that does not help, give your administrator this reference: {error.digest ?? '–'}</p>
          <p>请重新加载；如仍无效，请将此编号告知管理员：{error.digest ?? '–'}</p>
          <a href="/">Modelyard</a>
        </main>
      </body>
    </html>
  )
}
