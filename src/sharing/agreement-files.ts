import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type AgreementFile, fileBytesMax } from './yaml-source.js'

/**
 * The files of one agreement's folder that make the agreement: `agreement.yaml` and the clause files
 * beside it, in order of name. Folders (cases, signatures) are not entered. A file too big is handed on
 * cut just past the limit, so that it is refused without having been read.
 */
export async function readAgreementFiles(directory: string): Promise<readonly AgreementFile[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries
    .filter((one) => one.isFile() && one.name.endsWith('.yaml'))
    .map((one) => one.name)
  return Promise.all(names.sort().map((name) => readOne(join(directory, name), name)))
}

async function readOne(path: string, name: string): Promise<AgreementFile> {
  const { size } = await stat(path)
  if (size > fileBytesMax) return { name, text: ' '.repeat(fileBytesMax + 1) }
  return { name, text: await readFile(path, 'utf8') }
}
