import '../../db/src/testing/index.ts'
