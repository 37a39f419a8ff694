/** The second verifier's door: that a log holds no release, with nothing but the published keys. */
export { checkNoRelease, type NoReleaseClaim, type ProvenNoRelease } from './check-no-release.js'
export { parsePolicyFile } from './policy-file.js'
