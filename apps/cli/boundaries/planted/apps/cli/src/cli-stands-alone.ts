import '../../../packages/services/src/index.ts'
