/**
 * The `code` of an error from the system, the database or ourselves (`ENOENT`, `23505`, `PORT_BUSY`);
 * null where it has none. Looks at the shape, not the class: errors of Node's own modules are of
 * another realm's class where tests run, and `instanceof Error` is false for them.
 */
export function errorCode(error: unknown): string | null {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error
  return hasCode && typeof error.code === 'string' ? error.code : null
}
