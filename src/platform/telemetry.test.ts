import { expect, test } from '@jest/globals'
import { createTelemetry } from './telemetry.js'

test('a label is a name, a code or a status; anything else is counted as other', async () => {
  const telemetry = createTelemetry({ processMetrics: false })
  const answered = telemetry.counter('answers', 'Answers', ['agency', 'code', 'status'])
  answered({ agency: 'north-force', code: 'NOT_FOUND', status: '404' })
  answered({ agency: 'Jane Marker', code: '943 476 5919', status: 'M1 1AA' })
  answered({ agency: '9434765919', code: 'jane@marker.example', status: '2' })
  const text = await telemetry.text()
  expect(text).toContain(
    'concordat_answers_total{agency="north-force",code="NOT_FOUND",status="404"} 1',
  )
  expect(text).toContain('concordat_answers_total{agency="other",code="other",status="other"} 2')
  expect(text).not.toMatch(/marker|943|M1/i)
})

test('the number of series is bounded', async () => {
  const telemetry = createTelemetry({ processMetrics: false })
  const count = telemetry.counter('runs', 'Runs', ['job'])
  for (let index = 0; index < 700; index += 1) count({ job: `job-${index}` })
  const series = (await telemetry.text())
    .split('\n')
    .filter((line) => line.startsWith('concordat_runs_total{'))
  expect(series).toHaveLength(501)
  expect(series.find((line) => line.includes('other'))).toMatch(/ 200$/)
})

test('a timer and a gauge say what they are given', async () => {
  const telemetry = createTelemetry({ processMetrics: false })
  telemetry.timer('request', 'Requests', ['method'])({ method: 'POST' }, 0.02)
  telemetry.gauge('waiting', 'Waiting', async () => 7)
  const text = await telemetry.text()
  expect(text).toContain('concordat_request_seconds_bucket{le="0.025",method="POST"} 1')
  expect(text).toContain('concordat_waiting 7')
})
