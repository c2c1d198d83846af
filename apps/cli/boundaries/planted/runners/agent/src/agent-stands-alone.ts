import '../../../packages/artifacts/src/index.ts'
