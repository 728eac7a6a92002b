// What the Avro decoder leaves to its user: Java's BigDecimal, LocalDate and Instant in JavaScript, without losing a digit.
import avro from 'avsc'

/** A decimal as text, "-1234.50": a JavaScript number could not hold all of its digits. */
class DecimalType extends avro.types.LogicalType {
  constructor(schema, options) {
    super(schema, options)
    this.scale = schema.scale ?? 0
  }

  _fromValue(bytes) {
    return withPoint(BigInt.asIntN(bytes.length * 8, bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`)), this.scale)
  }

  _toValue() {
    return undefined // this consumer only reads
  }

  _resolve(type) {
    if (type instanceof DecimalType && type.scale === this.scale) return text => text
  }
}

/** A day as text, "1996-01-02". */
class DateType extends avro.types.LogicalType {
  _fromValue(days) {
    return new Date(days * 86_400_000).toISOString().slice(0, 10)
  }

  _toValue() {
    return undefined
  }
}

/** A moment as a Date. */
class TimestampType extends avro.types.LogicalType {
  _fromValue(millis) {
    return new Date(millis)
  }

  _toValue() {
    return undefined
  }
}

/** The integer with a decimal point in front of its last digits. */
export function withPoint(unscaled, scale) {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return unscaled < 0n ? `-${text}` : text
}

/** The integer that a decimal's digits make: "12.50" is 1250. */
export const unscaled = text => BigInt(text.replace('.', ''))

export const logicalTypes = { decimal: DecimalType, date: DateType, 'timestamp-millis': TimestampType }
