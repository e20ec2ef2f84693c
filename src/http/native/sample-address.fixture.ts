import { z } from 'zod';
import type { Operations, Route } from '../../api/routes.ts';

/** The query that a GET requires. */
const queries: Partial<Record<keyof Operations, string>> = { findIds: '?prefix=0a' };

/** An address of a route with a value for each of its params. */
export function sampleAddress(
  name: keyof Operations,
  { path, input }: Pick<Route<unknown, unknown>, 'path' | 'input'>,
): { readonly url: string; readonly params: Readonly<Record<string, string>> } {
  const params: Record<string, string> = {};
  const filled = path.replaceAll(/:(\w+)/g, (_whole, param: string) => {
    const value = (params[param] = sampleOf(input, param));
    return encodeURIComponent(value);
  });
  return { url: filled + (queries[name] ?? ''), params };
}

/** The first value that the schema lists, a number, or a name with a space. */
function sampleOf(input: z.ZodType, param: string): string {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  const schema = properties[param];
  if (typeof schema !== 'object') return 'a name';
  const [first = schema.type === 'integer' ? 1 : 'a name'] = schema.enum ?? [];
  return String(first);
}
