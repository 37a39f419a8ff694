import autocannon from 'autocannon'

/** One operation, as it is sent again and again. */
export interface Target {
  readonly url: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
}

/** What one run under load came to. */
export interface Load {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Processor time of this thread for each request: the server's own, where it runs in this thread. */
  readonly cpuMs: number
}

export const CONNECTIONS = 32

/**
 * Sends one operation over 32 connections from a thread of its own, as often as fits in about `seconds`
 * (a first, short run says how often). All that is sent is answered: what a run that ends by the clock
 * cuts off costs time and counts for nothing. Throws where any answer fails: a quick refusal must not look
 * like a quick answer.
 */
export async function load(target: Target, seconds: number): Promise<Load> {
  const { perSecond } = await send(target, 2 * CONNECTIONS)
  return send(target, Math.max(2 * CONNECTIONS, Math.round(perSecond * seconds)))
}

async function send(target: Target, amount: number): Promise<Load> {
  const before = process.threadCpuUsage()
  const from = performance.now()
  const result = await autocannon({
    url: target.url,
    connections: CONNECTIONS,
    amount,
    workers: 1,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...target.headers },
    body: JSON.stringify({ query: target.query }),
  })
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.threadCpuUsage(before)
  if (result.errors + result.timeouts + result.non2xx > 0 || result['2xx'] !== amount)
    throw new Error(
      `under load ${result.errors} errors, ${result.timeouts} timeouts, ${result.non2xx} refusals and ${result['2xx']} of ${amount} answers at ${target.url}`,
    )
  return {
    perSecond: amount / seconds,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMs: (user + system) / 1000 / amount,
  }
}

/** Asks once and gives the data; throws where there are errors. */
export async function ask(target: Target): Promise<{ data: unknown; bytes: number }> {
  const response = await fetch(target.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...target.headers },
    body: JSON.stringify({ query: target.query }),
  })
  const text = await response.text()
  const body = JSON.parse(text) as { data?: unknown; errors?: readonly { message: string }[] }
  if (body.errors?.[0]) throw new Error(`${target.url}: ${body.errors[0].message}`)
  return { data: body.data, bytes: text.length }
}
