import { connect } from 'node:net'
import { errorCode } from '../../platform/error-code.js'

const connectMaxMs = 2000

/** Null where something accepts a connection there; else the code of why not. */
export function tryConnect(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: connectMaxMs })
    const end = (code: string | null): void => {
      socket.destroy()
      resolve(code)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end('TIMEOUT'))
    socket.once('error', (error) => end(errorCode(error) ?? 'unknown'))
  })
}
