/** An answer that is not what the format says. Carries no value. */
export class BadAnswer extends Error {}

/** Deepest nesting of brackets that is parsed. */
export const depthMax = 64

/** True when the brackets of this JSON text nest no deeper than `depthMax`. */
export function isShallow(json: string): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]
    if (isInString) {
      if (character === '\\') at += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') {
      depth += 1
      if (depth > depthMax) return false
    } else if (character === '}' || character === ']') depth -= 1
  }
  return true
}

/** Reads a body of at most `bytesMax` bytes (after decompression) as UTF-8 JSON. */
export async function readJson(response: Response, bytesMax: number): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) throw new BadAnswer('too long')
    chunks.push(chunk)
  }
  const text = decode(Buffer.concat(chunks))
  if (!isShallow(text)) throw new BadAnswer('nested too deep')
  try {
    return JSON.parse(text)
  } catch {
    throw new BadAnswer('not JSON')
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BadAnswer('not UTF-8')
  }
}
