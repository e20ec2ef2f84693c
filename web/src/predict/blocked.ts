import { formatList } from '../../../src/client/index.ts';
import type { Problems } from '../form/draft.ts';
import type { Field } from '../form/fields.ts';
import { counted } from '../text/numbers.ts';

interface Found {
  readonly all: Problems;
  /** Those that the form shows at their fields. */
  readonly visible: Problems;
}

const mostNamed = 3;

/** '1 field to correct: Runs so far', '2 fields to fill in: Size and Town'; undefined if nothing is wrong. */
export function blockedBy(fields: readonly Field[], { all, visible }: Found): string | undefined {
  const wrong = fields.filter(({ name }) => Object.hasOwn(all, name) && Object.hasOwn(visible, name));
  const empty = fields.filter(({ name }) => Object.hasOwn(all, name) && !Object.hasOwn(visible, name));
  if (wrong.length > 0) return `${counted(wrong.length, 'field')} to correct: ${namesOf(wrong)}`;
  return empty.length > 0 ? `${counted(empty.length, 'field')} to fill in: ${namesOf(empty)}` : undefined;
}

function namesOf(fields: readonly Field[]): string {
  const titles = fields.map(({ title }) => title);
  const more = titles.length - mostNamed;
  return formatList(more > 0 ? [...titles.slice(0, mostNamed), `${more} more`] : titles);
}
