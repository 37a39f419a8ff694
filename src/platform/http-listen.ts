import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { errorCode } from './error-code.js'
import { StartupError } from './startup-error.js'

/** A server that listens, and how to let it end well. */
export interface Listening {
  /** `http://127.0.0.1:4000` */
  readonly url: string
  readonly port: number
  /** Takes no more, lets what runs end, then cuts off what has not within `drainMaxMs`. */
  close(): Promise<void>
}

const DRAIN_MAX_MS = 10_000

/** Listens, or says plainly why not. Port 0 takes any free one. */
export async function listen(
  server: Server,
  options: { readonly host: string; readonly port: number; readonly drainMaxMs?: number },
): Promise<Listening> {
  const { host, port } = options
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(refusal(error, host, port)))
    server.listen({ host, port }, resolve)
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const bound = server.address() as AddressInfo // a server that listens on a port has one
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${bound.port}`,
    port: bound.port,
    close: () =>
      new Promise((resolve, reject) => {
        const cut = setTimeout(() => {
          for (const socket of sockets) socket.destroy()
        }, options.drainMaxMs ?? DRAIN_MAX_MS)
        server.close((error) => {
          clearTimeout(cut)
          if (error === undefined || errorCode(error) === 'ERR_SERVER_NOT_RUNNING') resolve()
          else reject(error)
        })
        server.closeIdleConnections()
      }),
  }
}

function refusal(error: Error, host: string, port: number): Error {
  const code = errorCode(error)
  if (code === 'EADDRINUSE')
    return new StartupError(
      'PORT_BUSY',
      `another program already listens on ${host}:${port}`,
      `end it, or choose another port: \`PORT=${port + 1} npm start\``,
    )
  if (code === 'EACCES')
    return new StartupError(
      'PORT_REFUSED',
      `this account may not listen on port ${port}`,
      'choose one from 1024 upwards',
    )
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartupError(
      'HOST_UNKNOWN',
      `this machine has no address \`${host}\``,
      'set `listen.host` in the configuration to one it has, such as 127.0.0.1',
    )
  return error
}
