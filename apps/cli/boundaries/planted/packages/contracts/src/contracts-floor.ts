import '../../services/src/index.ts'
