/** The sample agencies by name, as `concordat.yaml` of the sample names them. All invented. */
export const SAMPLE_AGENCIES = {
  police: { id: 'mersey-vale-police', name: 'Mersey Vale Police' },
  nhs: { id: 'weaver-nhs', name: 'Weaver Valley NHS Foundation Trust' },
  charity: { id: 'safe-harbour', name: 'Safe Harbour Stalking Advocacy' },
} as const
