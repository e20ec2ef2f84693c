import type { Run } from '../tracking/model.ts';
import type { RunCursor, RunList, RunStore } from '../tracking/run-store.ts';

/** Lists page after page. */
export async function listAll(
  runs: RunStore,
  { most = Infinity, ...list }: Omit<RunList, 'limit'> & { readonly most?: number },
): Promise<readonly Run[]> {
  const found: Run[] = [];
  let after: RunCursor | undefined;
  do {
    const limit = Math.min(1000, most - found.length);
    const page = await runs.list({ ...list, limit, ...(after && { after }) });
    found.push(...page.runs);
    after = page.next;
  } while (after && found.length < most);
  return found;
}
