import { type DisclosureReport, type Obligation, withDuties } from '../disclosure/report.js'
import type { Ledger } from '../disclosure/request.js'
import type { Agreement } from '../sharing/agreement.js'

const dutiesOfAgreement = new WeakMap<Agreement, readonly Obligation[]>()

/** The duties that an agreement puts on every release, whichever clause it rests on. */
function dutiesOf(agreement: Agreement): readonly Obligation[] {
  const known = dutiesOfAgreement.get(agreement)
  if (known) return known
  const made = agreement.obligations.flatMap(({ always, text }) =>
    always ? [{ clause: null, text }] : [],
  )
  dutiesOfAgreement.set(agreement, made)
  return made
}

/** The report of a request with every duty that comes with what it released. */
export function reportWithDuties(
  report: DisclosureReport,
  { agreement, ledger }: { readonly agreement: Agreement; readonly ledger: Ledger },
): DisclosureReport {
  return ledger.hasDisclosed ? withDuties(report, dutiesOf(agreement)) : report
}
