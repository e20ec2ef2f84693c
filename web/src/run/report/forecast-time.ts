/** A time of a series without what says nothing: '2024-01-31' for a midnight, '2024-01-31 13:00' for an hour. */
export function formatForecastTime(time: string | number): string {
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(String(time)) ?? [];
  if (day === undefined || clock === undefined) return String(time);
  return clock === '00:00' ? day : `${day} ${clock}`;
}

/** '2024-01-31 – 2024-02-02' */
export function formatForecastTimes(from: string | number, to: string | number): string {
  return from === to ? formatForecastTime(from) : `${formatForecastTime(from)} – ${formatForecastTime(to)}`;
}
