import type { Staff } from '../world.js'

/** The people of the sample unit, and the systems of its agencies, by persona. All invented. */
const DOMAINS = {
  police: 'mersey-vale-police.example',
  nhs: 'weaver-nhs.example',
  charity: 'safe-harbour.example',
} as const

function staff(
  persona: string,
  name: string,
  agency: Staff['agency'],
  role: string,
  side: Staff['side'] = 'NEITHER',
): Staff {
  return { persona, subject: `${persona}@${DOMAINS[agency]}`, name, agency, roles: [role], side }
}

export const STAFF: readonly Staff[] = [
  staff('detective', 'DC Maya Ferrand', 'police', 'DETECTIVE'),
  staff('psychologist', 'Dr Idris Calloway', 'nhs', 'PSYCHOLOGIST', 'PERPETRATOR'),
  staff('manager', 'Helen Marsh-Otieno', 'nhs', 'MANAGER'),
  staff('outreach', 'Tom Ellery', 'nhs', 'OUTREACH_WORKER', 'PERPETRATOR'),
  staff('outreach-2', 'Sunniva Rao', 'nhs', 'OUTREACH_WORKER', 'PERPETRATOR'),
  staff('advocate', 'Grace Abiodun', 'charity', 'ADVOCATE', 'VICTIM'),
  staff('support-officer', 'Callum Reece', 'police', 'SUPPORT_OFFICER'),
  staff('duty-officer', 'Insp Nora Whitlow', 'police', 'DUTY_OFFICER'),
  staff('disclosure-officer', 'Peter Nkemelu', 'police', 'DISCLOSURE_OFFICER'),
  staff('oversight', 'Ruth Sandiford', 'charity', 'OVERSIGHT'),
  staff('ig-lead-police', 'Anwen Price', 'police', 'IG_LEAD'),
  staff('ig-lead-nhs', 'Farid Nazari', 'nhs', 'IG_LEAD'),
  staff('ig-lead-charity', 'Josephine Tull', 'charity', 'IG_LEAD'),
  staff('system-police', 'Mersey Vale records system', 'police', 'SYSTEM'),
  staff('system-nhs', 'Weaver Valley patient system', 'nhs', 'SYSTEM'),
  staff('system-charity', 'Safe Harbour case system', 'charity', 'SYSTEM'),
]
