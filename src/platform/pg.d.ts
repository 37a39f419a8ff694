/** What the platform uses of `pg`, which ships no types of its own. */
declare module 'pg' {
  namespace pg {
    interface QueryResult<Row = Record<string, unknown>> {
      readonly rows: Row[]
      readonly rowCount: number
      /** Others come too (`BEGIN`, ...), which nobody here looks at. */
      readonly command: 'UPDATE' | 'DELETE' | 'INSERT' | 'SELECT' | 'MERGE'
    }
    interface QueryConfig {
      readonly text: string
      readonly name?: string
      readonly values?: readonly unknown[]
      readonly types?: CustomTypes
    }
    interface CustomTypes {
      getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown
    }
    interface PoolConfig {
      readonly connectionString?: string
      readonly options?: string
      readonly max?: number
      readonly min?: number
      readonly idleTimeoutMillis?: number
      readonly connectionTimeoutMillis?: number
      readonly allowExitOnIdle?: boolean
      readonly keepAlive?: boolean
      readonly application_name?: string
      readonly types?: CustomTypes
      /** Of pools: awaited on each new connection before it is handed out; where it rejects, the connection ends. */
      readonly onConnect?: (client: Client) => Promise<void>
    }
    interface Notification {
      readonly channel: string
      readonly payload?: string
    }
    class Client {
      constructor(config: PoolConfig)
      connect(): Promise<void>
      query<Row = Record<string, unknown>>(
        query: string | QueryConfig,
        values?: readonly unknown[],
      ): Promise<QueryResult<Row>>
      query<Of extends Query>(query: Of): Of
      end(): Promise<void>
      on(event: 'notification', listener: (message: Notification) => void): this
      on(event: 'error', listener: (error: Error) => void): this
      on(event: 'end', listener: () => void): this
      removeListener(event: 'notification', listener: (message: Notification) => void): this
      removeAllListeners(event?: string): this
    }
    /** The protocol below a statement, as `COPY` needs it. */
    interface Connection {
      readonly stream: import('node:net').Socket
      sendCopyFromChunk(chunk: Buffer): void
      sendCopyFail(message: string): void
      endCopyFrom(): void
    }
    class Query {
      constructor(
        text: string,
        values: undefined,
        callback: (error: Error | null, result?: QueryResult) => void,
      )
      handleCopyInResponse(connection: Connection): void
    }
    class PoolClient extends Client {
      release(destroy?: boolean | Error): void
    }
    class Pool {
      constructor(config: PoolConfig)
      readonly options: PoolConfig
      readonly totalCount: number
      readonly idleCount: number
      readonly waitingCount: number
      setMaxListeners(count: number): this
      removeAllListeners(event?: string): this
      connect(): Promise<PoolClient>
      query<Row = Record<string, unknown>>(
        query: string | QueryConfig,
        values?: readonly unknown[],
      ): Promise<QueryResult<Row>>
      end(): Promise<void>
      on(event: 'error', listener: (error: Error) => void): this
      on(event: 'connect' | 'acquire' | 'remove', listener: (client: PoolClient) => void): this
    }
    class TypeOverrides implements CustomTypes {
      setTypeParser(oid: number, parse: (text: string) => unknown): void
      getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown
    }
    function escapeIdentifier(name: string): string
  }
  export = pg
}
