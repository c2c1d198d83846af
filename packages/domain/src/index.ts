export * from './access/permission.ts'
export * from './id.ts'
export * from './ledger/chain.ts'
export * from './refusal.ts'
