// Prints the table behind any product topic: node read.mjs TOPIC [--bootstrap HOST:PORT] [--registry URL] [--without-lz4]
import { parseArgs } from 'node:util'
import { addLz4, readTables } from './tables.mjs'

const { values: options, positionals: topics } = parseArgs({
  allowPositionals: true,
  options: {
    bootstrap: { type: 'string', default: '127.0.0.1:19092' },
    registry: { type: 'string', default: 'http://127.0.0.1:18081/apis/ccompat/v7' },
    timeout: { type: 'string', default: '60' }, // seconds
    'without-lz4': { type: 'boolean', default: false }, // kafkajs as it is: reads ports that declare gzip
  },
})
if (!options['without-lz4']) addLz4()
try {
  if (topics.length !== 1) throw new Error('expected one topic, such as billing.daily-payments.v1')
  const { tables } = await readTables({ ...options, topics })
  for (const [key, value] of tables.get(topics[0])) console.log(`${key} ${JSON.stringify(value)}`)
} catch (error) {
  console.error(`FAILED: ${error.message}`)
  process.exitCode = 1
}
