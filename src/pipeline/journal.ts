import type { Json } from '../kernel/json.ts';

/** What a long task has finished, in order, so that it continues there after it was killed. */
export interface Journal {
  read(): Promise<readonly Json[]>;
  append(value: Json): Promise<void>;
}

/** A journal that ends with the process. */
export function memoryJournal(): Journal {
  const values: Json[] = [];
  return { read: async () => [...values], append: async (value) => void values.push(value) };
}
