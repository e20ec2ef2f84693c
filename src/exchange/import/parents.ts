import type { Session } from './session.ts';
import type { Facts } from './tally.ts';

/** Runs that are read at a time. */
const atOnce = 20_000;

/** Nests the imported runs in their parents. Runs in a circle of parents lose their parent, which is reported. */
export async function nestRuns(session: Session): Promise<void> {
  const { source, target } = session;
  const parents = new Map<string, string>();
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = await target.store.parents({ after, limit: atOnce });
    for (const { runId, parentId } of page) parents.set(runId, parentId);
    after = page.length < atOnce ? undefined : page.at(-1)?.runId;
  }
  for (const circle of findCircles(parents)) for (const id of circle) await dropParent(session, id, circle);
  await target.store.nestRuns(source.name);
}

/** Circles of runs of which each is the parent of the next. A run that is its own parent is a circle of one. */
export function findCircles(parents: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const visited = new Set<string>();
  for (const start of parents.keys()) {
    const path = new Map<string, number>();
    let id: string | undefined = start;
    for (; id !== undefined && !visited.has(id); id = parents.get(id)) {
      visited.add(id);
      path.set(id, path.size);
    }
    const first = id === undefined ? undefined : path.get(id);
    if (first !== undefined) circles.push([...path.keys()].slice(first));
  }
  return circles;
}

/** The difference is noted first: if the import is interrupted in between, the next one finds the circle again. */
async function dropParent(
  { source, target: { store } }: Session,
  id: string,
  circle: readonly string[],
): Promise<void> {
  const note = await store.find({ source: source.name, kind: 'run', id });
  if (!note || note.state === 'skipped') return;
  const facts = note.facts as Facts;
  const reason =
    circle.length === 1
      ? 'dropped: the run is its own parent'
      : `dropped: it is in a circle of ${circle.length} parents`;
  const difference = { what: 'parent run', id, reason };
  const isReported = facts.differences.some(({ what }) => what === difference.what);
  if (!isReported)
    await store.note({ ...note, facts: { ...facts, differences: [...facts.differences, difference] } });
  await store.dropParent(id);
}
