import { expect, test } from 'vitest'
import { statementsIn } from './statements.ts'

test('statements of one database are counted, simple and prepared ones, and nothing else of the log', () => {
  const log = `modelyard|LOG:  statement: BEGIN
modelyard|LOG:  execute <unnamed>: select 1
modelyard|DETAIL:  Parameters: $1 = 'modelyard|LOG:  statement: x'
modelyard|LOG:  execute named: insert into a
  values (1)
mlflow|LOG:  statement: SELECT 1
|LOG:  checkpoint starting: time
modelyard|ERROR:  duplicate key
modelyard|LOG:  statement: COMMIT`
  expect(statementsIn(log, 'modelyard')).toBe(4)
  expect(statementsIn(log, 'mlflow')).toBe(1)
})
