// Product topics as tables, read with a plain Kafka client and a plain Avro decoder.
import kafkajs from 'kafkajs'
import lz4 from 'lz4js'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { logicalTypes } from './logical-types.mjs'

const { Kafka, CompressionTypes, CompressionCodecs, logLevel } = kafkajs

/** Adds lz4 to kafkajs, which has no codec for it. Products write with lz4, unless the port declares another compression. */
export function addLz4() {
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: async encoder => Buffer.from(lz4.compress(encoder.buffer)),
    decompress: async buffer => Buffer.from(lz4.decompress(buffer)),
  })
}

/** The offset behind the last record of each partition that has any. */
async function endsOf(kafka, topic) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const offsets = await admin.fetchTopicOffsets(topic)
    return new Map(offsets.filter(o => o.high !== o.low).map(o => [o.partition, BigInt(o.high)]))
  } finally {
    await admin.disconnect()
  }
}

/** Reads all topics from the beginning to where they end now: the latest value per key, without the deleted ones. */
export async function readTables({ bootstrap, registry: host, topics, timeout }) {
  const kafka = new Kafka({ clientId: 'node-consumer', brokers: bootstrap.split(','), logLevel: logLevel.ERROR })
  const registry = new SchemaRegistry({ host }, { AVRO: { logicalTypes } })
  const tables = new Map(topics.map(topic => [topic, new Map()]))
  const records = new Map(topics.map(topic => [topic, 0]))
  const missing = new Map()
  for (const topic of topics) {
    for (const [partition, end] of await endsOf(kafka, topic)) {
      missing.set(`${topic}/${partition}`, end)
    }
  }
  // A group of its own each time. readUncommitted: false is the isolation level read_committed.
  const consumer = kafka.consumer({ groupId: `node-consumer-${Date.now()}`, readUncommitted: false })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    await new Promise((done, failed) => {
      const limit = setTimeout(() => failed(new Error(`not read within ${timeout} s: ${[...missing.keys()]}`)),
        timeout * 1000)
      const finish = (settle, value) => { clearTimeout(limit); settle(value) }
      // Tells of transaction markers too, which no consumer sees as records and which end a topic.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
        const partition = `${payload.topic}/${payload.partition}`
        if (BigInt(payload.lastOffset) + 1n >= (missing.get(partition) ?? 0n)) missing.delete(partition)
        if (missing.size === 0) finish(done)
      })
      consumer.on(consumer.events.CRASH, ({ payload }) => finish(failed, payload.error))
      if (missing.size === 0) finish(done)
      consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
          for (const { key, value, offset } of batch.messages) {
            const table = tables.get(batch.topic)
            records.set(batch.topic, records.get(batch.topic) + 1)
            if (value === null) {
              table.delete(key.toString('utf8'))
            } else {
              table.set(key.toString('utf8'), await registry.decode(value))
            }
            resolveOffset(offset)
          }
          await heartbeat()
        },
      }).catch(error => finish(failed, error))
    })
  } finally {
    await consumer.disconnect()
  }
  return { tables, records }
}
