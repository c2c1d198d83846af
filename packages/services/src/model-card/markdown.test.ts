import { expect, test } from 'vitest'
import { inert } from './markdown.ts'

test.each([
  ['<img src=x onerror=alert(1)>', '\\<img src=x onerror=alert(1)\\>'],
  ['[click](javascript:alert(1))', '\\[click\\](javascript:alert(1))'],
  ['a | b\n| --- |', 'a \\| b \\| --- \\|'],
  ['# Gates: all passed', '\\# Gates: all passed'],
  ['`code` *bold* \\', '\\`code\\` \\*bold\\* \\\\'],
])('%j is shown as it stands', (hostile, shown) => expect(inert(hostile)).toBe(shown))
