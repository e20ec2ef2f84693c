import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sqlWebhookStore } from '../../adapters/sql/registry/webhook-store.ts';
import { openSqlite } from '../../adapters/sql/sqlite/sqlite.ts';
import { openClosers } from '../../kernel/closers.ts';
import { silentLog } from '../../kernel/log.ts';
import { runProgram } from '../program.ts';
import { openState } from '../host/state.ts';
import { startWebhooks } from '../host/workers.ts';

const id = 'a'.repeat(32);

interface Opened extends AsyncDisposable {
  readonly folder: string;
}

async function open(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-import-'));
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

test('the report says what was imported, and what was skipped or changed', async () => {
  await using opened = await open();
  const mlruns = join(opened.folder, 'mlruns');
  const run = join(mlruns, '5', id);
  await mkdir(join(run, 'tags'), { recursive: true });
  await mkdir(join(run, 'artifacts'));
  await writeFile(join(mlruns, '5', 'meta.yaml'), "experiment_id: '5'\nname: e\nlifecycle_stage: active\n");
  await writeFile(join(run, 'meta.yaml'), 'status: 3\nstart_time: 5\nend_time: 6\nlifecycle_stage: active\n');
  await writeFile(join(run, 'tags', 'mlflow.parentRunId'), id);
  await writeFile(join(run, 'artifacts', 'a:b.txt'), 'text');
  let out = '';
  const terminal = { out: (text: string) => void (out += text), err() {}, interactive: false, columns: 80 };
  const args = ['import', 'mlflow', mlruns, '--state', join(opened.folder, 'state')];
  expect(await runProgram(args, { env: {}, terminal })).toBe(0);
  const [first = '', ...lines] = out.trimEnd().split('\n');
  expect(first).toMatch(/^Imported from file:.*mlruns in \d+ ms:$/);
  expect(lines).toEqual([
    '            1 experiment',
    '            1 run',
    '            1 tag',
    '            1 file, 4 B',
    'Skipped or changed (--json lists each one):',
    `  parent run: dropped: the run is its own parent (${id})`,
  ]);
});

test('a state without webhook deliveries leaves events in the queue', async () => {
  await using opened = await open();
  const stateFolder = join(opened.folder, 'state');
  const path = join(stateFolder, 'modelyard.db');
  for (const [name, deliversWebhooks] of [
    ['kept', false],
    ['taken', true],
  ] as const) {
    {
      await using closers = openClosers();
      const options = { stateFolder, holder: 'test', log: silentLog };
      const state = await openState(closers, options);
      const { database, stores } = state;
      if (deliversWebhooks) startWebhooks(closers, state, silentLog);
      if (name === 'kept') await sqlWebhookStore(database).create(webhook);
      await stores.registry.createModel({ name, description: '', tags: {}, at: 2 });
    }
    await using database = await openSqlite(path);
    const due = await sqlWebhookStore(database).claim({ now: 3, until: 4, limit: 9 });
    expect(due.map(({ data }) => data['name'])).toEqual(deliversWebhooks ? [] : ['kept']);
  }
});

const webhook = {
  id: 'w',
  name: 'w',
  description: '',
  url: 'https://192.0.2.1/hook',
  status: 'ACTIVE',
  events: [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }],
  createdAt: 1,
  updatedAt: 1,
  sealedSecret: undefined,
} as const;
