import fc from 'fast-check'

/** For mutation testing: every random test draws the same, and stops at the first failure unshrunk. */
fc.configureGlobal({ seed: 20_261_124, endOnFailure: true })
