/** The system's code of an error, such as 'ENOSPC'; undefined for an error without one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
