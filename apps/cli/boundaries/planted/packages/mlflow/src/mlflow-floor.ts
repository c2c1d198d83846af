import '../../db/src/index.ts'
