// Prints each change of a product topic as it comes, a line of JSON each: node follow.mjs TOPIC [--group NAME] [--bootstrap HOST:PORT]
// [--registry URL] [--without-lz4]. Ends when its standard input does, or with Ctrl-C.
import kafkajs from 'kafkajs'
import { parseArgs } from 'node:util'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { logicalTypes } from './logical-types.mjs'
import { addLz4 } from './tables.mjs'

const { Kafka, logLevel } = kafkajs
const { values: options, positionals: topics } = parseArgs({
  allowPositionals: true,
  options: {
    bootstrap: { type: 'string', default: '127.0.0.1:19092' },
    registry: { type: 'string', default: 'http://127.0.0.1:18081/apis/ccompat/v7' },
    group: { type: 'string', default: `node-follower-${Date.now()}` },
    'without-lz4': { type: 'boolean', default: false },
  },
})
if (!options['without-lz4']) addLz4()
const kafka = new Kafka({ clientId: 'node-follower', brokers: options.bootstrap.split(','), logLevel: logLevel.ERROR })
const registry = new SchemaRegistry({ host: options.registry }, { AVRO: { logicalTypes } })
// readUncommitted: false is the isolation level read_committed.
const consumer = kafka.consumer({ groupId: options.group, readUncommitted: false })
const failed = error => {
  console.error(`FAILED: ${error.message}`)
  process.exit(1)
}
try {
  if (topics.length !== 1) throw new Error('expected one topic, such as sales.orders.v1')
  await consumer.connect()
  consumer.on(consumer.events.CRASH, ({ payload }) => failed(payload.error))
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers } }) => {
      console.log(JSON.stringify({
        key: key.toString('utf8'),
        value: value === null ? null : await registry.decode(value),
        correctedBy: headers['mesh-generation']?.toString('utf8'), // a promotion wrote it
      }))
    },
  })
  const end = async () => {
    await consumer.disconnect()
    process.exit(0)
  }
  process.stdin.resume().on('end', end)
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
} catch (error) {
  failed(error)
}
