/**
 * Telephone numbers that Ofcom keeps for drama and never issues. Told people have the first 200 of the
 * mobile range; people of drawn cases the rest of it; everybody else landlines. Past 15,800 people
 * numbers come round again, as shared numbers do.
 */
const LANDLINES = [
  '01632 960',
  '0151 496 0',
  '0161 496 0',
  '0113 496 0',
  '0114 496 0',
  '0115 496 0',
  '0116 496 0',
  '0117 496 0',
  '0118 496 0',
  '0121 496 0',
  '0131 496 0',
  '0141 496 0',
  '0191 498 0',
  '020 7946 0',
  '029 2018 0',
  '03069 990',
] as const
const TOLD = 200
const three = (n: number): string => String(n).padStart(3, '0')

export const isDramaNumber = (phone: string): boolean =>
  phone.startsWith('07700 900')
    ? phone.length === 12
    : LANDLINES.some((area) => phone.startsWith(area) && phone.length === area.length + 3)

export const toldMobile = (n: number): string => `07700 900${three(n % TOLD)}`

/** Deals numbers one after the other; `mobile` falls back to landlines when the range is used up. */
export function phoneDealer(): { mobile(): string; landline(): string } {
  let mobiles = TOLD
  let landlines = 100
  const landline = () => {
    const n = landlines++ % (LANDLINES.length * 1_000)
    return `${LANDLINES[Math.floor(n / 1_000)] ?? LANDLINES[0]}${three(n % 1_000)}`
  }
  return { landline, mobile: () => (mobiles < 1_000 ? `07700 900${three(mobiles++)}` : landline()) }
}
