import { createServer, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from '@jest/globals'
import { listen } from './http-listen.js'

test('a busy port is told with the way out', async () => {
  const first = await listen(createServer(), { host: '127.0.0.1', port: 0 })
  await expect(
    listen(createServer(), { host: '127.0.0.1', port: first.port }),
  ).rejects.toMatchObject({
    code: 'PORT_BUSY',
    message: expect.stringContaining(`PORT=${first.port + 1}`),
  })
  await first.close()
})

test('closing lets a running answer end and takes no new one', async () => {
  const server = createServer()
  let answer = () => {}
  const asked = new Promise<void>((resolve) => {
    server.on('request', (_request, response) => {
      answer = () => response.end('whole')
      resolve()
    })
  })
  const listening = await listen(server, { host: '127.0.0.1', port: 0 })
  const body = new Promise<string>((resolve, reject) => {
    get(listening.url, (response: IncomingMessage) => {
      response.setEncoding('utf8')
      response.on('data', resolve)
    }).on('error', reject)
  })
  await asked
  const closed = listening.close()
  await expect(
    new Promise((_resolve, reject) => {
      get(listening.url).on('error', reject)
    }),
  ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  answer()
  expect(await body).toBe('whole')
  await closed
})

test('closing cuts off what does not end in time', async () => {
  const listening = await listen(
    createServer(() => {}),
    { host: '127.0.0.1', port: 0, drainMaxMs: 50 },
  )
  const socket = connect(listening.port, '127.0.0.1')
  const ended = new Promise((resolve) => socket.on('close', resolve))
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await new Promise((resolve) => setTimeout(resolve, 20))
  await listening.close()
  await ended
})
