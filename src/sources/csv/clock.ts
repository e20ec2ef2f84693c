/** A time of day. */
export interface ClockTime {
  /** 12:00:00 or 12:00:00.25 */
  readonly time: string;
  /** Z or +05:30; Z for a text that names none. */
  readonly zone: string;
}

const clock =
  /^(?:[T_]|,?\s+)(?<hour>\d{1,2})(?<mark>[:.])(?<minute>\d\d)(?:\k<mark>(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?\s*(?<half>[ap]\.?m\.?)?\s*(?<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;
const compactClock =
  /^(?:T|\s+)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)?(?<zone>Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Reads what follows a date: T10:00, ' 10:00:00.25 +05:30', ' 1:05 PM' or T100000. */
export function readClock(text: string): ClockTime | undefined {
  const {
    hour,
    minute = '',
    second = '00',
    fraction,
    half,
    zone,
  } = (clock.exec(text) ?? compactClock.exec(text))?.groups ?? {};
  if (hour === undefined) return undefined;
  const hours = hourOfDay(Number(hour), half);
  if (hours === undefined || Number(minute) > 59 || Number(second) > 59) return undefined;
  const seconds = `${String(hours).padStart(2, '0')}:${minute}:${second}`;
  return { time: fraction === undefined ? seconds : `${seconds}.${fraction}`, zone: zoneOf(zone) };
}

/** @param half AM or PM */
function hourOfDay(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour < 24 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
}

function zoneOf(zone = 'Z'): string {
  if (!/^[+-]/.test(zone)) return 'Z';
  const digits = zone.replace(':', '').padEnd(5, '0');
  return `${digits.slice(0, 3)}:${digits.slice(3)}`;
}
