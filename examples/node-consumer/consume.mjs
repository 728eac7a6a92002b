// Reads the five data products of the demo with a plain Kafka client and a plain Avro decoder, as any consumer could.
import { parseArgs } from 'node:util'
import { addLz4, readTables } from './tables.mjs'
import { checks, published } from './checks.mjs'

const { values: options } = parseArgs({
  options: {
    bootstrap: { type: 'string', default: '127.0.0.1:19092' },
    registry: { type: 'string', default: 'http://127.0.0.1:18081/apis/ccompat/v7' },
    scale: { type: 'string' }, // the demo's scale factor, if the number of keys is to be checked
    timeout: { type: 'string', default: '180' }, // seconds
  },
})
if (options.scale && !published[options.scale]) {
  console.error(`--scale ${options.scale}: key counts are known for ${Object.keys(published)} only`)
  process.exit(2)
}

const topics = [
  'sales.orders.v1',
  'sales.daily-revenue.v1',
  'logistics.shipments.v1',
  'logistics.delivery-performance.v1',
  'logistics.late-deliveries.v1',
]

const shown = value => JSON.stringify(value, (_, field) => (Array.isArray(field) ? field.slice(0, 1) : field))

addLz4()
try {
  const { tables, records } = await readTables({ ...options, topics })
  for (const [topic, table] of tables) {
    console.log(`${topic}: ${table.size} keys in ${records.get(topic)} records`)
    const first = table.entries().next()
    if (!first.done) console.log(`  ${first.value[0]} => ${shown(first.value[1])}`)
  }
  const problems = checks(tables, options.scale)
  problems.forEach(problem => console.error(`WRONG: ${problem}`))
  if (problems.length === 0) console.log('All five products were read and decoded, and agree with each other')
  process.exitCode = problems.length === 0 ? 0 : 1
} catch (error) {
  console.error(`FAILED: ${error.message}`)
  process.exitCode = 1
}
