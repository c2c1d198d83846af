import '../../../../packages/domain/src/index.ts'
