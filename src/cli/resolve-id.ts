import { shortestPrefix } from '../api/id-views.ts';
import type { Operations } from '../api/routes.ts';
import { PlatformError } from '../kernel/errors.ts';

type Kind = Parameters<Operations['findIds']>[0]['kind'];

const longest = { run: 32, job: 32, prediction: 36 } as const satisfies Readonly<Record<Kind, number>>;

/**
 * The id that starts with what was typed. A whole id, and a text that is not the start of one, stay as they are: the
 * operation that they are for says what is wrong with them.
 * @throws PlatformError INPUT_INVALID for too few characters, and naming the candidates where several ids start so
 */
export async function resolveId(
  operations: Pick<Operations, 'findIds'>,
  kind: Kind,
  typed: string,
): Promise<string> {
  // Help and tables shorten ids with an ellipsis, which people copy.
  const prefix = typed.toLowerCase().replace(/(…|\.\.\.)$/, '');
  if (!/^[0-9a-f-]+$/.test(prefix) || prefix.length >= longest[kind]) return typed;
  if (prefix.length < shortestPrefix[kind])
    throw new PlatformError('INPUT_INVALID', {
      field: kind,
      value: typed,
      remedy: `must be an id, or at least its first ${shortestPrefix[kind]} characters`,
    });
  const candidates = await operations.findIds({ kind, prefix });
  const [only, ...others] = candidates;
  if (!only) return typed;
  if (others.length === 0) return only.id;
  const [first, ...more] = candidates.map(({ id, summary }) => ({ field: kind, value: id, remedy: summary }));
  throw new PlatformError('INPUT_INVALID', {
    field: kind,
    value: typed,
    remedy: `is the start of several ids; ${moreOf(kind, prefix)}`,
    ...(first && { more: [first, ...more] }),
  });
}

/** The characters of a prediction's id that are its time, to the millisecond. */
const timeCharacters = 13;

function moreOf(kind: Kind, { length }: string): string {
  return kind === 'prediction' && length < timeCharacters
    ? `give its first ${timeCharacters} characters, which are its time`
    : 'give more characters';
}

export async function resolveIds(
  operations: Pick<Operations, 'findIds'>,
  kind: Kind,
  typed: readonly string[],
): Promise<string[]> {
  return Promise.all(typed.map((each) => resolveId(operations, kind, each)));
}
