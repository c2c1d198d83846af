const MASK = 0x2a

/**
 * Cover every occurrence of a secret in bytes of a file with stars, in place and of the same length, so that offsets
 * stay. Answers how many bytes may go out: an end that may be the beginning of the secret waits for what follows,
 * unless nothing does.
 */
export function maskSecret(bytes: Buffer, secret: Buffer, isEnd: boolean): number {
  for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at)) bytes.fill(MASK, at, at + secret.length)
  if (isEnd) return bytes.length
  for (let held = Math.min(secret.length - 1, bytes.length); held > 0; held--)
    if (bytes.subarray(bytes.length - held).equals(secret.subarray(0, held))) return bytes.length - held
  return bytes.length
}
