/** What the measurements use of `autocannon`, which ships no types of its own. */
declare module 'autocannon' {
  namespace autocannon {
    interface Options {
      readonly url: string
      readonly connections: number
      /** Requests to send in all. */
      readonly amount: number
      /** Threads of their own that send. */
      readonly workers?: number
      readonly method: 'POST'
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
    interface Result {
      readonly errors: number
      readonly timeouts: number
      readonly non2xx: number
      readonly '2xx': number
      /** Milliseconds. */
      readonly latency: { readonly p50: number; readonly p99: number }
    }
  }
  function autocannon(options: autocannon.Options): Promise<autocannon.Result>
  export default autocannon
}
