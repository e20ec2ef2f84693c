import { createServer, type IncomingMessage, type Server } from 'node:http';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { isIP, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog, type LogFields } from '../../../kernel/log.ts';
import type { RegistryStore } from '../../../registry/store.ts';
import {
  delayAfter,
  deliverDue,
  openWebhookWorker,
  attempt,
  type DeliveryDeps,
} from '../../../registry/webhooks/delivery.ts';
import { allowedReceivers } from '../../../registry/webhooks/receivers.ts';
import { secretBox } from '../../../registry/webhooks/secret-box.ts';
import { guardedSend, type LookUp, type Send } from '../../../registry/webhooks/send.ts';
import { notifyingRegistry } from '../../../registry/notifying-registry.ts';
import { headersOf } from '../../../registry/webhooks/signature.ts';
import { sqlRegistryStore } from './registry-store.ts';
import { openSqlite } from '../sqlite/sqlite.ts';
import { sqlWebhookStore } from './webhook-store.ts';

interface Call {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Hooked extends AsyncDisposable {
  readonly deps: DeliveryDeps;
  readonly registry: RegistryStore;
  readonly calls: Call[];
  /** Resolves at the next call of the receiver. */
  readonly nextCall: () => Promise<unknown>;
  readonly url: string;
  readonly warnings: LogFields[];
  time: number;
  /** Response statuses of the receiver, one per call; the last one repeats. */
  statuses: number[];
  /** The Retry-After header of its responses. */
  retryAfter?: string;
}

test('an event is posted once and signed, and leaves the queue', async () => {
  await using hooked = await openHooked();
  await hooked.registry.createModel({ name: 'm', description: '', tags: {}, at: 5 });
  expect(await deliverDue(hooked.deps)).toBe(1);
  expect(await deliverDue(hooked.deps)).toBe(0);
  const [{ headers, body } = { headers: {}, body: '' }, ...more] = hooked.calls;
  expect(more).toEqual([]);
  expect(JSON.parse(body)).toMatchObject({
    entity: 'registered_model',
    action: 'created',
    data: { name: 'm' },
  });
  const deliveryId = String(headers['x-mlflow-delivery-id']);
  expect(headers).toMatchObject(headersOf({ deliveryId, sentAt: 1000, body, secret: 's3cret' }));
});

test('a busy receiver is retried later with the same delivery id until it accepts', async () => {
  await using hooked = await openHooked();
  hooked.statuses = [503, 429, 200];
  await hooked.registry.createModel({ name: 'm', description: '', tags: {}, at: 5 });
  expect(await deliverDue(hooked.deps)).toBe(1);
  hooked.time += 1499;
  expect(await deliverDue(hooked.deps)).toBe(0);
  hooked.time += 1;
  expect(await deliverDue(hooked.deps)).toBe(1);
  hooked.time += 3000;
  expect(await deliverDue(hooked.deps)).toBe(1);
  hooked.time += 1e9;
  expect(await deliverDue(hooked.deps)).toBe(0);
  expect(hooked.calls).toHaveLength(3);
  expect(new Set(hooked.calls.map(({ headers }) => headers['x-mlflow-delivery-id'])).size).toBe(1);
  expect(hooked.warnings).toEqual([]);
});

test.each([
  { statuses: [404], attempts: 1 },
  { statuses: [302], attempts: 1 },
  { statuses: [500], attempts: 6 },
])(
  'a delivery with the responses $statuses is dropped after $attempts attempts, with a warning',
  async ({ statuses, attempts }) => {
    await using hooked = await openHooked();
    hooked.statuses = [...statuses];
    await hooked.registry.createModel({ name: 'm', description: '', tags: {}, at: 5 });
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await deliverDue(hooked.deps);
      hooked.time += 1e6;
    }
    expect(hooked.calls).toHaveLength(attempts);
    expect(hooked.warnings).toMatchObject([{ webhook: 'w1', attempt: attempts, status: statuses[0] }]);
    expect(JSON.stringify(hooked.warnings)).not.toContain('s3cret');
  },
);

test.each([
  { retryAfter: '7', wait: 7000 },
  { retryAfter: '1', wait: 1500 },
  { retryAfter: 'soon', wait: 1500 },
  { retryAfter: '999999', wait: 3_600_000 },
])('a delivery with Retry-After $retryAfter is retried after $wait ms', async ({ retryAfter, wait }) => {
  await using hooked = await openHooked();
  hooked.statuses = [429, 200];
  hooked.retryAfter = retryAfter;
  await hooked.registry.createModel({ name: 'm', description: '', tags: {}, at: 5 });
  expect(await deliverDue(hooked.deps)).toBe(1);
  hooked.time += wait - 1;
  expect(await deliverDue(hooked.deps)).toBe(0);
  hooked.time += 1;
  expect(await deliverDue(hooked.deps)).toBe(1);
});

test('Retry-After may be a date', async () => {
  await using hooked = await openHooked();
  hooked.statuses = [503];
  hooked.retryAfter = new Date(hooked.time + 60_000).toUTCString();
  const send = guardedSend({ plainHttp: true, privateAddresses: true }, { now: () => hooked.time });
  const signal = new AbortController().signal;
  const sent = await send({ url: hooked.url, headers: {}, body: '{}', signal });
  expect(sent).toMatchObject({ status: 503, retryAfter: 60_000 });
  hooked.retryAfter = new Date(hooked.time - 60_000).toUTCString();
  expect(await send({ url: hooked.url, headers: {}, body: '{}', signal })).toMatchObject({ retryAfter: 0 });
});

test('an allowed receiver is called at any address, and no other receiver is', async () => {
  await using hooked = await openHooked();
  const { port } = new URL(hooked.url);
  const lookUp: LookUp = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);
  const isDeliveredBy = async (list: string, host: string): Promise<boolean> => {
    const receivers = allowedReceivers(list, 'X');
    const send = guardedSend({ receivers, plainHttp: true }, { lookUp });
    const delivered = await attempt(
      {
        id: 'd',
        entity: 'PROMPT',
        action: 'CREATED',
        data: {},
        happenedAt: 0,
        webhook: { url: `http://${host}:${port}/`, sealedSecret: undefined },
      },
      { ...hooked.deps, send },
    );
    return 'status' in delivered;
  };
  expect(await isDeliveredBy(`127.0.0.1:${port}`, '127.0.0.1')).toBe(true);
  expect(await isDeliveredBy('127.0.0.0/8', '127.0.0.1')).toBe(true);
  expect(await isDeliveredBy('127.0.0.0/8', 'hooks.example.com'), 'by the address of its name').toBe(true);
  expect(await isDeliveredBy(`hooks.example.com:${port}`, 'hooks.example.com')).toBe(true);
  expect(await isDeliveredBy(`hooks.example.com:${port}`, 'other.example.com')).toBe(false);
  expect(await isDeliveredBy('10.0.0.0/8', 'hooks.example.com')).toBe(false);
  expect(hooked.calls).toHaveLength(4);
});

test('without permission no private address is connected to, under any host name', async () => {
  await using hooked = await openHooked();
  const port = new URL(hooked.url).port;
  const webhook = (url: string): Parameters<typeof attempt>[0] => ({
    id: 'd',
    entity: 'PROMPT',
    action: 'CREATED',
    data: {},
    happenedAt: 0,
    webhook: { url, sealedSecret: undefined },
  });
  const send = guardedSend({ plainHttp: true });
  const ended = await attempt(webhook(`http://127.0.0.1:${port}/`), { ...hooked.deps, send });
  expect(ended).toMatchObject({ error: expect.stringContaining('public') });
  for (const addresses of [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['::ffff:127.0.0.1'], []]) {
    const lookUp: LookUp = (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      );
    const resolving = guardedSend({ plainHttp: true }, { lookUp });
    const named = await attempt(webhook(`http://hooks.example.com:${port}/`), {
      ...hooked.deps,
      send: resolving,
    });
    expect(named).toMatchObject({ error: expect.stringContaining('is not a public address') });
  }
  expect(hooked.calls).toEqual([]);
});

test('the worker delivers at once when the registry wakes it', async () => {
  await using hooked = await openHooked();
  await using worker = openWebhookWorker(hooked.deps, { every: 60_000 });
  const registry = notifyingRegistry(hooked.registry);
  registry.onEventQueued(() => worker.wake());
  for (const name of ['a', 'b']) {
    const called = hooked.nextCall();
    await registry.createModel({ name, description: '', tags: {}, at: 5 });
    await called;
  }
  expect(hooked.calls.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { data: { name: 'a' } },
    { data: { name: 'b' } },
  ]);
});

test('closing aborts a hanging delivery, and the next worker delivers it', async () => {
  await using hooked = await openHooked();
  const sends = new EventEmitter();
  const hang: Send = async ({ signal }) => {
    sends.emit('began');
    await once(signal, 'abort');
    throw new Error('broken off');
  };
  const began = once(sends, 'began');
  const worker = openWebhookWorker({ ...hooked.deps, send: hang }, { every: 60_000 });
  await hooked.registry.createModel({ name: 'm', description: '', tags: {}, at: 5 });
  worker.wake();
  await began;
  await worker[Symbol.asyncDispose]();
  hooked.time += 60_000;
  expect(await deliverDue(hooked.deps)).toBe(1);
  expect(hooked.calls).toHaveLength(1);
});

test('the delay doubles, and half of it is random', () => {
  expect([1, 2, 3].map((attempt) => delayAfter(attempt, () => 0))).toEqual([1000, 2000, 4000]);
  expect([1, 2, 3].map((attempt) => delayAfter(attempt, () => 1))).toEqual([2000, 4000, 8000]);
});

async function openHooked(): Promise<Hooked> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-hooks-'));
  const database = await openSqlite(join(folder, 'state.db'));
  const secrets = secretBox(new Uint8Array(32).fill(3));
  const webhooks = sqlWebhookStore(database);
  const server = createServer();
  const url = await listening(server);
  const warnings: LogFields[] = [];
  const hooked: Hooked = {
    registry: sqlRegistryStore(database),
    calls: [],
    nextCall: () => once(server, 'responded'),
    url,
    warnings,
    time: 1000,
    statuses: [200],
    deps: {
      webhooks,
      secrets,
      send: guardedSend({ plainHttp: true, privateAddresses: true }),
      now: () => hooked.time,
      random: () => 0.5,
      log: { ...silentLog, warn: (_message, fields = {}) => void warnings.push(fields) },
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
  server.on('request', (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      hooked.calls.push({ headers: request.headers, body });
      const [status = 200] = hooked.statuses.length > 1 ? hooked.statuses.splice(0, 1) : hooked.statuses;
      const headers = hooked.retryAfter === undefined ? {} : { 'retry-after': hooked.retryAfter };
      response.writeHead(status, { location: `${url}/elsewhere`, ...headers }).end('ok');
      server.emit('responded');
    });
  });
  await webhooks.create({
    id: 'w1',
    name: 'hook',
    description: undefined,
    url: `${url}/hook`,
    events: [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }],
    status: 'ACTIVE',
    sealedSecret: secrets.seal('s3cret'),
    createdAt: 1,
    updatedAt: 1,
  });
  return hooked;
}

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
