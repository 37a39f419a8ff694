import { connect, createServer, type Socket } from 'node:net'

/** Stands between a hub and its database, and cuts connections at the worst moment. */
export interface CuttingProxy {
  /** The database's address through it. */
  readonly url: string
  /** The next thing that is sent reaches the server and is done there; its answer is lost with the connection. */
  loseNextReply(): void
  /** The next thing that is sent is lost with the connection. */
  loseNextRequest(): void
  /** How many connections were cut. */
  readonly cuts: () => number
  close(): Promise<void>
}

export async function cuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let armed: 'REPLY' | 'REQUEST' | null = null
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let losesReply = false
    const cut = () => {
      cuts += 1
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {}) // being cut is what this is for
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (bytes) => {
      const now = armed
      armed = null
      if (now === 'REQUEST') return cut()
      if (now === 'REPLY') losesReply = true
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => (losesReply ? cut() : void client.write(bytes)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(databaseUrl)
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  return {
    url: url.href,
    loseNextReply: () => {
      armed = 'REPLY'
    },
    loseNextRequest: () => {
      armed = 'REQUEST'
    },
    cuts: () => cuts,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
