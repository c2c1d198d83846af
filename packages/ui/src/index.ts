export { cn } from './cn.ts'
export { type Tone, toneBorder, toneFill, toneSoft, toneText } from './tone.ts'
