import { expect, test } from 'vitest';
import type { RegistryStore } from '../store.ts';
import { digestOf } from '../../kernel/digest.ts';
import { newRunId } from '../../kernel/ids.ts';
import type { Delivery, StoredWebhook } from './model.ts';
import type { WebhookStore } from './store.ts';
import { putAlias, removeAlias } from '../store.fixture.ts';

/** A store that is empty, and gone when disposed of, with what fills its queue. */
export interface OpenWebhookStore extends AsyncDisposable {
  readonly store: WebhookStore;
  readonly registry: RegistryStore;
}

type Open = () => Promise<OpenWebhookStore>;

const due = { now: 1000, until: 2000, limit: 10 };
const gate = { by: 'gate', at: 90 };

/** What every webhook store must do; each adapter's test is one call of this. */
export function webhookStoreContract(label: string, open: Open): void {
  webhooks(label, open);
  queue(label, open);
  events(label, open);
}

function webhooks(label: string, open: Open): void {
  test(`${label}: a webhook is kept as it was made, listed, changed and deleted`, async () => {
    await using opened = await open();
    const { store } = opened;
    const first = webhook({ sealedSecret: 'sealed', description: 'é' });
    const second = webhook({ id: 'w2', createdAt: 8 });
    await store.create(first);
    await store.create(second);
    expect(await store.find('w1')).toEqual(first);
    expect(await store.find('none')).toBeUndefined();
    expect(await store.list({ limit: 10, offset: 0 })).toEqual([first, second]);
    expect(await store.list({ limit: 1, offset: 1 })).toEqual([second]);
    const events = [{ entity: 'PROMPT', action: 'CREATED' }] as const;
    const changed = {
      ...first,
      events,
      status: 'DISABLED',
      url: 'https://b.example',
      updatedAt: 20,
    } as const;
    expect(await store.change('w1', { events, status: 'DISABLED', url: 'https://b.example' }, 20)).toEqual(
      changed,
    );
    expect(await store.find('w1')).toEqual(changed);
    await store.delete('w1');
    expect(await store.list({ limit: 10, offset: 0 })).toEqual([second]);
    await expect(store.delete('w1')).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
    await expect(store.change('w1', {}, 1)).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
  });
}

function queue(label: string, open: Open): void {
  test(`${label}: what is taken is another's only after its time, and gone when it is finished`, async () => {
    await using opened = await open();
    const { store, registry } = opened;
    await store.create(webhook());
    await registry.createModel({ name: 'm', description: 'd', tags: { k: 'v' }, at: 500 });
    expect(await store.claim({ ...due, now: 499 })).toEqual([]);
    const [delivery, ...more] = await store.claim(due);
    expect(more).toEqual([]);
    expect(delivery).toMatchObject({
      entity: 'REGISTERED_MODEL',
      action: 'CREATED',
      data: { name: 'm', description: 'd', tags: { k: 'v' } },
      happenedAt: 500,
      attempt: 1,
      webhook: webhook(),
    });
    expect(await store.claim({ ...due, now: 1999 })).toEqual([]);
    const [again] = await store.claim({ ...due, now: 2000, until: 3000 });
    expect(again).toEqual({ ...delivery, attempt: 2 });
    if (!again) return;
    await store.putOff(again, 2500);
    expect(await store.claim({ ...due, now: 2499 })).toEqual([]);
    expect(await store.claim({ ...due, now: 2500 })).toMatchObject([{ id: again.id, attempt: 3 }]);
    await store.finish(again);
    expect(await store.claim({ ...due, now: 9000 })).toEqual([]);
  });

  test(`${label}: of many who take at once each gets what no other has`, async () => {
    await using opened = await open();
    const { store, registry } = opened;
    await store.create(webhook());
    for (const name of 'abcdefgh') await registry.createModel({ name, description: '', tags: {}, at: 1 });
    const taken = await Promise.all(Array.from({ length: 4 }, () => store.claim({ ...due, limit: 3 })));
    const ids = taken.flat().map(({ id }) => id);
    expect(ids).toHaveLength(8);
    expect(new Set(ids).size).toBe(8);
  });

  test(`${label}: who is disabled is not told, and who is deleted leaves nothing in the queue`, async () => {
    await using opened = await open();
    const { store, registry } = opened;
    await store.create(webhook());
    await store.create(webhook({ id: 'w2' }));
    await store.create(webhook({ id: 'w3', status: 'DISABLED' }));
    await registry.createModel({ name: 'm', description: '', tags: {}, at: 1 });
    await store.change('w1', { status: 'DISABLED' }, 2);
    await store.delete('w2');
    expect(await store.claim(due)).toEqual([]);
    await store.change('w1', { status: 'ACTIVE' }, 3);
    await store.change('w3', { status: 'ACTIVE' }, 3);
    expect(await store.claim(due)).toMatchObject([{ webhook: { id: 'w1' } }]);
  });
}

const everything = {
  REGISTERED_MODEL: ['CREATED'],
  MODEL_VERSION: ['CREATED'],
  MODEL_VERSION_TAG: ['SET', 'DELETED'],
  MODEL_VERSION_ALIAS: ['CREATED', 'DELETED'],
  PROMPT: ['CREATED'],
  PROMPT_VERSION: ['CREATED'],
  PROMPT_TAG: ['SET', 'DELETED'],
  PROMPT_VERSION_TAG: ['SET', 'DELETED'],
  PROMPT_ALIAS: ['CREATED', 'DELETED'],
} as const;

function events(label: string, open: Open): void {
  test(`${label}: each change of models and prompts is told once, and what changes nothing is not`, async () => {
    await using opened = await open();
    const { store, registry } = opened;
    await store.create(webhook({ events: all() }));
    for (const [name, tags] of [
      ['m', {}],
      ['p', { 'mlflow.prompt.is_prompt': 'true' }],
    ] as const) {
      await registry.createModel({ name, description: '', tags, at: 1 });
      const version = { runId: undefined, runLink: '', loggedModelId: undefined, description: '' };
      await registry.createVersion({
        ...version,
        model: name,
        source: 's3://b',
        storage: 's3://b',
        tags: {},
        at: 2,
      });
      await registry.setTag({ model: name, key: 'k' }, 'v', 3);
      await registry.setTag({ model: name, version: 1, key: 'k' }, 'v', 4);
      await registry.deleteTag({ model: name, key: 'k' }, 5);
      await registry.deleteTag({ model: name, version: 1, key: 'k' }, 6);
      await registry.deleteTag({ model: name, version: 1, key: 'k' }, 7);
      await putAlias(registry, { model: name, version: 1, alias: 'prod' }, { by: 'a', at: 8 });
      await putAlias(registry, { model: name, version: 1, alias: 'prod' }, { by: 'a', at: 9 });
      await removeAlias(registry, { model: name, alias: 'prod' }, { by: 'a', at: 10 });
    }
    const events = await drained(store);
    expect(events.map(({ entity, action }) => `${entity}.${action}`).toSorted()).toEqual(
      all()
        .map(({ entity, action }) => `${entity}.${action}`)
        .toSorted(),
    );
    const of = (entity: string, action: string): Delivery | undefined =>
      events.find((each) => each.entity === entity && each.action === action);
    expect(of('MODEL_VERSION', 'CREATED')?.data).toMatchObject({
      name: 'm',
      version: '1',
      source: 's3://b',
      run_id: null,
    });
    expect(of('MODEL_VERSION_TAG', 'SET')?.data).toEqual({ name: 'm', version: '1', key: 'k', value: 'v' });
    expect(of('PROMPT_TAG', 'DELETED')?.data).toEqual({ name: 'p', key: 'k' });
    expect(of('MODEL_VERSION_ALIAS', 'CREATED')?.data).toEqual({ name: 'm', alias: 'prod', version: '1' });
    expect(of('PROMPT_ALIAS', 'DELETED')?.data).toEqual({ name: 'p', alias: 'prod' });
  });

  test(`${label}: what the pipeline registers and promotes is told too, and what failed is not`, async () => {
    await using opened = await open();
    const { store, registry } = opened;
    await store.create(webhook({ events: all() }));
    const version = { model: 'm', runId: newRunId(), folder: digestOf('f'), metrics: {}, createdAt: 1 };
    await registry.register(version);
    await registry.register(version);
    await registry.moveAlias({ model: 'm', alias: 'prod', from: undefined, to: 1, by: 'gate', movedAt: 2 });
    const again = { model: 'm', alias: 'prod', from: undefined, to: 1, by: 'gate', movedAt: 3 };
    await expect(registry.moveAlias(again)).rejects.toMatchObject({ code: 'ALIAS_MOVED' });
    await expect(putAlias(registry, { model: 'm', version: 7, alias: 'prod' }, gate)).rejects.toMatchObject({
      code: 'VERSION_NOT_FOUND',
    });
    expect((await drained(store)).map(({ entity }) => entity)).toEqual([
      'REGISTERED_MODEL',
      'MODEL_VERSION',
      'MODEL_VERSION_ALIAS',
    ]);
  });
}

function all(): StoredWebhook['events'] {
  return Object.entries(everything).flatMap(([entity, actions]) =>
    actions.map((action) => ({ entity: entity as keyof typeof everything, action })),
  );
}

async function drained(store: WebhookStore): Promise<readonly Delivery[]> {
  const events = await store.claim({ ...due, limit: 100 });
  for (const delivery of events) await store.finish(delivery);
  const rank = ['REGISTERED_MODEL', 'MODEL_VERSION', 'MODEL_VERSION_ALIAS'];
  return events.toSorted((a, b) => rank.indexOf(a.entity) - rank.indexOf(b.entity));
}

function webhook(over: Partial<StoredWebhook> = {}): StoredWebhook {
  return {
    id: 'w1',
    name: 'hook',
    description: undefined,
    url: 'https://a.example/x',
    events: [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }],
    status: 'ACTIVE',
    sealedSecret: undefined,
    createdAt: 7,
    updatedAt: 7,
    ...over,
  };
}
