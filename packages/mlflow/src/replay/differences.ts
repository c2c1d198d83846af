/** Where we answer otherwise than the recorded servers on purpose. Each entry must occur in a session, or it goes. */
export type Difference = { route: RegExp; path: RegExp; reason: string }

export const DIFFERENCES: readonly Difference[] = [
  {
    route: /./,
    path: /^(?:message|sqlstate|error_class)$/,
    reason:
      'Clients act on error_code; the words are our own, and codes of a data platform that is not ours are left out.',
  },
  {
    route: /model-versions\/get-download-uri/,
    path: /^artifact_uri$/,
    reason: 'A version is loaded from its own frozen files: what is overwritten at its source later changes nothing.',
  },
]
