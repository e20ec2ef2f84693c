import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFileBlobStore } from '../../src/adapters/files/blob-store.ts';
import { connect } from '../../src/data/duckdb.ts';
import { asTable, readDataset } from '../../src/data/dataset.ts';
import { timeOf } from '../../src/features/event-time.ts';
import { type LookupDefinition, openLookups } from '../../src/features/lookup.ts';
import { openView } from '../../src/features/view.ts';
import type { Digest } from '../../src/kernel/digest.ts';
import { readRows } from '../../src/data/table-reader.ts';
import { median } from '../samples.ts';
import { featureNames, type JoinResult, type JoinTask } from './task.ts';

const task = JSON.parse(process.argv[2] ?? '{}') as JoinTask;
const blobs = await openFileBlobStore(join(task.folder, 'blobs'));
const definitions = task.views.map((_, view): LookupDefinition => ({
  name: `view${view}`,
  view: `view${view}`,
  key: ['team'],
  on: ['team'],
  at: 'at',
  knownAt: null,
  before: 'at',
  columns: featureNames.map((name) => ({ name, type: 'number', nullable: false })),
  initial: null,
}));

interface Request {
  readonly row: number;
  readonly team: string;
  readonly at: string;
}

// The peer's libraries are loaded before its time starts, too.
(await connect()).closeSync();
const [started, cpu] = [performance.now(), process.cpuUsage()];
const table = async (digest: string): Promise<ReturnType<typeof asTable>> =>
  asTable(await readDataset(digest as Digest, blobs), 'table');
const views = new Map(
  await Promise.all(
    definitions.map(
      async (definition, view) =>
        [definition.view, await openView(definition, await table(task.views[view] ?? ''), blobs)] as const,
    ),
  ),
);
const lookups = openLookups(definitions, views);
const requests = await table(task.requests);
const width = 1 + definitions.length * featureNames.length;
const joined = new Float64Array(requests.rows * width);
let rows = 0;
for await (const request of readRows<Request & Readonly<Record<string, unknown>>>(requests, blobs)) {
  const found = lookups.find(request, () => timeOf(request.at) ?? Number.NaN);
  let at = rows * width;
  joined[at] = request.row;
  for (const { name } of definitions)
    for (const feature of featureNames) joined[(at += 1)] = Number(found[name]?.[feature] ?? Number.NaN);
  rows += 1;
}
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
writeFileSync(task.out, new Uint8Array(joined.buffer));
const result: JoinResult = {
  seconds,
  cpuSeconds: (user + system) / 1e6,
  rows,
  ...(task.single > 0 && { singleMicroseconds: await single() }),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

/** As an endpoint does: the request's own time, and what was found for people and the log. */
async function single(): Promise<number> {
  const asked: Request[] = [];
  for await (const request of readRows<Request>(requests, blobs))
    if (asked.push(request) >= task.single) break;
  const times = asked.map((request) => {
    const start = performance.now();
    // The clock is too coarse for one request.
    for (let turn = 0; turn < 10; turn += 1)
      lookups.describe({ ...request }, () => timeOf(request.at) ?? Number.NaN);
    return (performance.now() - start) * 100;
  });
  return median(times);
}
