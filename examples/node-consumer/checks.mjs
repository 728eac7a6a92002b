// Whether what was read can be right: the number of keys, and sums that have to be the same in several products.
import { unscaled, withPoint } from './logical-types.mjs'

/** TPC-H's own sizes, by scale factor: orders, and order lines, each of which is shipped once. */
export const published = {
  0.01: { 'sales.orders.v1': 15_000, 'logistics.shipments.v1': 60_175 },
}

const sum = (values, decimal) => withPoint([...values].reduce((total, value) => total + unscaled(decimal(value)), 0n), 2)

export function checks(tables, scale) {
  const problems = []
  const equal = (what, found, expected) => {
    if (found !== expected) problems.push(`${what} must be ${expected} but was ${found}`)
  }
  const [orders, revenue, shipments, performance, late] = [
    'sales.orders.v1',
    'sales.daily-revenue.v1',
    'logistics.shipments.v1',
    'logistics.delivery-performance.v1',
    'logistics.late-deliveries.v1',
  ].map(topic => [...tables.get(topic).values()])

  for (const [topic, table] of tables) {
    if (table.size === 0) problems.push(`${topic} holds nothing`)
  }
  for (const [topic, count] of Object.entries(published[scale] ?? {})) {
    equal(`keys of ${topic}`, tables.get(topic).size, count)
  }

  const delivered = shipments.filter(shipment => shipment.receiptDate !== null && shipment.daysLate !== null)
  const isLate = shipment => shipment.daysLate > 0
  equal('keys of logistics.shipments.v1, from the orders\' lines', shipments.length,
    orders.reduce((lines, order) => lines + order.lines.length, 0))
  equal('keys of sales.daily-revenue.v1, from the orders', revenue.length,
    new Set(orders.map(order => `${order.orderDate}|${order.marketSegment}`)).size)
  equal('keys of logistics.delivery-performance.v1, from the shipments', performance.length,
    new Set(delivered.map(s => `${s.shipMode}|${s.orderPriority}|${s.receiptDate.slice(0, 7)}`)).size)
  equal('keys of logistics.late-deliveries.v1, from the shipments', late.length, shipments.filter(isLate).length)

  const gross = sum(revenue, row => row.gross)
  equal('revenue by day, against the orders\' lines', gross, sum(orders.flatMap(o => o.lines), line => line.extendedPrice))
  equal('revenue by day, against the shipments', gross, sum(shipments, shipment => shipment.extendedPrice))
  equal('deliveries by month, against the shipments', performance.reduce((n, row) => n + row.delivered, 0), delivered.length)
  equal('late deliveries by month, against the facts', performance.reduce((n, row) => n + row.late, 0), late.length)
  return problems
}
