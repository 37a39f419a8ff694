/**
 * Arrays as PostgreSQL reads them in its binary form (`array_recv`): one dimension, elements with their
 * length. Sent as a parameter they need no quoting and no parsing, which for a statement that carries
 * many rows is most of the work. A parameter that is a Buffer is sent in binary form.
 */
const OID = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25 } as const
const HEADER_BYTES = 20
const NULL_LENGTH = -1

export function textArray(values: readonly (string | null)[]): Buffer {
  return arrayOf(
    OID.text,
    values.map((value) => (value === null ? null : Buffer.from(value))),
  )
}

export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  return arrayOf(OID.bytea, values)
}

/** Whole numbers within 2^53. */
export function int8Array(values: readonly (number | bigint | null)[]): Buffer {
  return arrayOf(
    OID.int8,
    values.map((value) => {
      if (value === null) return null
      const bytes = Buffer.allocUnsafe(8)
      bytes.writeBigInt64BE(BigInt(value))
      return bytes
    }),
  )
}

export function int4Array(values: readonly (number | null)[]): Buffer {
  return arrayOf(
    OID.int4,
    values.map((value) => {
      if (value === null) return null
      const bytes = Buffer.allocUnsafe(4)
      bytes.writeInt32BE(value)
      return bytes
    }),
  )
}

export function boolArray(values: readonly boolean[]): Buffer {
  return arrayOf(
    OID.bool,
    values.map((value) => Buffer.of(value ? 1 : 0)),
  )
}

function arrayOf(oid: number, elements: readonly (Uint8Array | null)[]): Buffer {
  const bytes = elements.reduce((sum, one) => sum + 4 + (one?.length ?? 0), HEADER_BYTES)
  const whole = Buffer.allocUnsafe(bytes)
  const isEmpty = elements.length === 0
  let at = whole.writeInt32BE(isEmpty ? 0 : 1, 0)
  at = whole.writeInt32BE(elements.includes(null) ? 1 : 0, at)
  at = whole.writeInt32BE(oid, at)
  if (isEmpty) return whole.subarray(0, at)
  at = whole.writeInt32BE(elements.length, at)
  at = whole.writeInt32BE(1, at)
  for (const one of elements) {
    at = whole.writeInt32BE(one?.length ?? NULL_LENGTH, at)
    if (one === null) continue
    whole.set(one, at)
    at += one.length
  }
  return whole
}
