import '../../contracts/src/index.ts'
