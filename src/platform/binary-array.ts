/**
 * Arrays as PostgreSQL reads them in its binary form (`array_recv`): one dimension, elements with their
 * length. Sent as a parameter they need no quoting and no parsing, which for a statement that carries
 * many rows is most of the work. A parameter that is a Buffer is sent in binary form.
 */
const OID = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25 } as const
const HEADER_BYTES = 20
const EMPTY_BYTES = 12
const NULL_LENGTH = -1

export function textArray(values: readonly (string | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? NULL_LENGTH : Buffer.byteLength(value)))
  const { whole, start } = begun(OID.text, lengths)
  let at = start
  values.forEach((value, index) => {
    at = whole.writeInt32BE(lengths[index] ?? NULL_LENGTH, at)
    if (value !== null) at += whole.write(value, at)
  })
  return whole
}

export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  return arrayOf(OID.bytea, values)
}

/** Whole numbers within 2^53. */
export function int8Array(values: readonly (number | bigint | null)[]): Buffer {
  return fixedArray(OID.int8, 8, values, (whole, value, at) => {
    whole.writeBigInt64BE(BigInt(value), at)
  })
}

export function int4Array(values: readonly (number | null)[]): Buffer {
  return fixedArray(OID.int4, 4, values, (whole, value, at) => {
    whole.writeInt32BE(value, at)
  })
}

export function boolArray(values: readonly boolean[]): Buffer {
  return fixedArray(OID.bool, 1, values, (whole, value, at) => {
    whole[at] = value ? 1 : 0
  })
}

/** An array of elements of one length. */
function fixedArray<T>(
  oid: number,
  bytes: number,
  values: readonly (T | null)[],
  write: (whole: Buffer, value: T, at: number) => void,
): Buffer {
  const { whole, start } = begun(
    oid,
    values.map((value) => (value === null ? NULL_LENGTH : bytes)),
  )
  let at = start
  for (const value of values) {
    at = whole.writeInt32BE(value === null ? NULL_LENGTH : bytes, at)
    if (value === null) continue
    write(whole, value, at)
    at += bytes
  }
  return whole
}

function arrayOf(oid: number, elements: readonly (Uint8Array | null)[]): Buffer {
  const { whole, start } = begun(
    oid,
    elements.map((one) => one?.length ?? NULL_LENGTH),
  )
  let at = start
  for (const one of elements) {
    at = whole.writeInt32BE(one?.length ?? NULL_LENGTH, at)
    if (one === null) continue
    whole.set(one, at)
    at += one.length
  }
  return whole
}

/** Room for all, with the header written: how many dimensions, whether there are nulls, the type, length and first index. */
function begun(oid: number, lengths: readonly number[]): { whole: Buffer; start: number } {
  const isEmpty = lengths.length === 0
  const body = lengths.reduce((sum, length) => sum + 4 + Math.max(length, 0), 0)
  const whole = Buffer.allocUnsafe(isEmpty ? EMPTY_BYTES : HEADER_BYTES + body)
  let start = whole.writeInt32BE(isEmpty ? 0 : 1, 0)
  start = whole.writeInt32BE(lengths.includes(NULL_LENGTH) ? 1 : 0, start)
  start = whole.writeInt32BE(oid, start)
  if (isEmpty) return { whole, start }
  start = whole.writeInt32BE(lengths.length, start)
  return { whole, start: whole.writeInt32BE(1, start) }
}
