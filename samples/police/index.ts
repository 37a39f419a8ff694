import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { World } from '../world.js'
import { type Extract, type Lines, renderExtract } from './render.js'

/** Where a drop goes and which one it is. */
export interface DropPlace {
  /** The inbox; made where it is not there. */
  readonly directory: string
  readonly sequence: number
  /** The sending force as its manifest names it. */
  readonly force?: string
}

/** Writes all that the force holds of the world as a full drop; returns the drop's directory. */
export async function writePoliceDrop(world: World, place: DropPlace): Promise<string> {
  const extract = renderExtract(world)
  const files = FILES.map(([name, lines]) => ({ name, lines: [...lines(extract).values()] }))
  return writeDrop(files, { ...place, kind: 'full', previous: null, asOf: world.asOf })
}

/** Writes what changed between two looks at the world as a delta, with deletes and merges. */
export async function writePoliceDelta(
  worlds: { readonly before: World; readonly after: World },
  place: DropPlace & { readonly previous: number },
): Promise<string> {
  const before = renderExtract(worlds.before)
  const after = renderExtract(worlds.after)
  const files = FILES.map(([name, lines]) => ({
    name,
    lines: changed(lines(before), lines(after)),
  }))
  const merges = [...after.persons].flatMap(([merged, line]) => {
    const survivor = mergedInto(line)
    return survivor !== null && mergedInto(before.persons.get(merged)) !== survivor
      ? [{ merged, survivor }]
      : []
  })
  const deletes = FILES.flatMap(([, lines, type]) =>
    [...lines(before).keys()].filter((id) => !lines(after).has(id)).map((id) => ({ type, id })),
  )
  const all = [
    ...files,
    { name: 'merges.ndjson', lines: merges },
    { name: 'deletes.ndjson', lines: deletes },
  ]
  return writeDrop(all, { ...place, kind: 'delta', asOf: worlds.after.asOf })
}

const FILES: readonly (readonly [string, (extract: Extract) => Lines, string])[] = [
  ['persons.ndjson', (extract) => extract.persons, 'NOMINAL'],
  ['locations.ndjson', (extract) => extract.locations, 'LOCATION'],
  ['objects.ndjson', (extract) => extract.objects, 'OBJECT'],
  ['events.ndjson', (extract) => extract.events, 'EVENT'],
  ['links.ndjson', (extract) => extract.links, 'LINK'],
]

function changed(before: Lines, after: Lines): object[] {
  return [...after].flatMap(([id, line]) =>
    JSON.stringify(before.get(id)) === JSON.stringify(line) ? [] : [line],
  )
}

function mergedInto(line: object | undefined): string | null {
  return line && 'mergedInto' in line && typeof line.mergedInto === 'string'
    ? line.mergedInto
    : null
}

interface DropFile {
  readonly name: string
  readonly lines: readonly object[]
}

/** Files first, the manifest last, and the directory under its name only when all of it is there. */
export async function writeDrop(
  files: readonly DropFile[],
  place: DropPlace & {
    readonly kind: 'full' | 'delta'
    readonly previous: number | null
    readonly asOf: string
  },
): Promise<string> {
  await mkdir(place.directory, { recursive: true })
  const name = `${String(place.sequence).padStart(6, '0')}-${place.kind}`
  const writing = join(place.directory, `.writing-${name}`)
  await rm(writing, { recursive: true, force: true })
  await mkdir(writing)
  const listed = []
  for (const { name: file, lines } of files) {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await writeFile(join(writing, file), bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    listed.push({ name: file, records: lines.length, bytes: bytes.length, sha256 })
  }
  const manifest = {
    format: 'concordat-police-extract',
    version: 1,
    force: place.force ?? 'MVP',
    sequence: place.sequence,
    kind: place.kind,
    previous: place.previous,
    createdAt: `${place.asOf}T23:00:00Z`,
    files: listed,
  }
  await writeFile(join(writing, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  const done = join(place.directory, name)
  await rename(writing, done)
  return done
}
