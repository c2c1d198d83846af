export { type Axis, axisOf } from './chart-scale.ts'
export { cn } from './cn.ts'
export { dashArray, fillClass, type SeriesLook, seriesLook, strokeClass } from './series-look.ts'
export { type Tone, toneBorder, toneFill, toneSoft, toneText } from './tone.ts'
