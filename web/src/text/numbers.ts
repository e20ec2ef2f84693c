export {
  formatAligned,
  formatNumber,
  formatRange,
  formatWithin,
  withUnit,
} from '../../../src/client/index.ts';

/** '1 row', '2,400 rows'. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
