/** Whether a version has no forecast of the rows that it is compared on, because they are later than its forecasts. */
export function isOutdated(
  compared: { readonly version: number; readonly isOutdated?: boolean } | null,
): boolean {
  return compared?.isOutdated === true;
}
