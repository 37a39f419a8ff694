import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * Counts and times for operators. Labels are names and codes that the unit or its makers chose, from a
 * closed list; a value that is none is counted as `other`, so no person ever becomes a label.
 */
export interface Telemetry {
  readonly contentType: string
  /** The text that `/metrics` answers with. */
  text(): Promise<string>
  counter<Label extends LabelName>(
    name: string,
    help: string,
    labels: readonly Label[],
  ): (labels: Record<Label, string>, by?: number) => void
  /** In seconds. */
  timer<Label extends LabelName>(
    name: string,
    help: string,
    labels: readonly Label[],
  ): (labels: Record<Label, string>, seconds: number) => void
  /** Read when somebody asks for the metrics. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void
}

export type LabelName =
  | 'agency'
  | 'subgraph'
  | 'job'
  | 'outcome'
  | 'code'
  | 'method'
  | 'status'
  | 'decision'
  | 'kind'

const LABEL_VALUE =
  /^(?:[a-z][a-z0-9]{0,30}(?:[-_][a-z0-9]{1,30}){0,6}|[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){0,8}|[1-5]\d\d)$/
const SERIES_MAX = 500
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createTelemetry(options: { readonly processMetrics?: boolean } = {}): Telemetry {
  const registry = new Registry()
  if (options.processMetrics ?? true)
    collectDefaultMetrics({ register: registry, prefix: 'concordat_' })
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counter(name, help, labels) {
      const metric = new Counter({
        name: `concordat_${name}_total`,
        help,
        labelNames: labels,
        registers: [registry],
      })
      const safe = safeLabels(labels)
      return (values, by = 1) => metric.inc(safe(values), by)
    },
    timer(name, help, labels) {
      const metric = new Histogram({
        name: `concordat_${name}_seconds`,
        help,
        labelNames: labels,
        buckets: SECONDS,
        registers: [registry],
      })
      const safe = safeLabels(labels)
      return (values, seconds) => metric.observe(safe(values), seconds)
    },
    gauge(name, help, read) {
      new Gauge({
        name: `concordat_${name}`,
        help,
        registers: [registry],
        async collect() {
          this.set(await read())
        },
      })
    },
  }
}

/** Keeps the number of series bounded too: past `SERIES_MAX` combinations everything is `other`. */
function safeLabels<Label extends string>(
  labels: readonly Label[],
): (values: Record<Label, string>) => Partial<Record<Label, string>> {
  const seen = new Set<string>()
  return (values) => {
    const texts = labels.map((label) => (LABEL_VALUE.test(values[label]) ? values[label] : 'other'))
    const series = texts.join(' ')
    const fits = seen.has(series) || seen.size < SERIES_MAX
    if (fits) seen.add(series)
    const entries: Partial<Record<Label, string>> = {}
    labels.forEach((label, index) => {
      entries[label] = fits ? (texts[index] ?? 'other') : 'other'
    })
    return entries
  }
}
