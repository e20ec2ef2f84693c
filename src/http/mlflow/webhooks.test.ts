import { expect, test } from 'vitest';
import { allowedReceivers } from '../../registry/webhooks/receivers.ts';
import { openMlflow } from './testing.fixture.ts';

const webhooks = '/api/2.0/mlflow/webhooks';
const events = [{ entity: 'MODEL_VERSION', action: 'CREATED' }];

test('a webhook is made, changed, listed and deleted, and its secret never comes back', async () => {
  await using mlflow = await openMlflow();
  const creation = await mlflow.call('POST', webhooks, {
    name: 'w',
    url: 'https://example.com/x',
    events,
    secret: 's3cret',
  });
  const { webhook_id: id } = creation.body['webhook'] as { readonly webhook_id: string };
  const responses = [
    creation,
    await mlflow.call('GET', `${webhooks}/${id}`),
    await mlflow.call('PATCH', `${webhooks}/${id}`, { secret: 's3cret2', status: 'DISABLED' }),
    await mlflow.call('GET', webhooks),
  ];
  for (const { text } of responses) expect(text).not.toContain('s3cret');
  const stored = await mlflow.services.webhooks.store.find(id);
  expect(stored?.sealedSecret).not.toContain('s3cret');
  expect(mlflow.services.webhooks.secrets.unseal(stored?.sealedSecret ?? '')).toBe('s3cret2');
  expect(responses[3]?.body).toMatchObject({ webhooks: [{ name: 'w', status: 'DISABLED', events }] });
  const other = [{ entity: 'PROMPT', action: 'CREATED' }];
  const changed = await mlflow.call('PATCH', `${webhooks}/${id}`, { name: 'w2', events: other });
  expect(changed.body).toMatchObject({
    webhook: { name: 'w2', url: 'https://example.com/x', events: other },
  });
  expect((await mlflow.call('DELETE', `${webhooks}/${id}`)).body).toEqual({});
  for (const method of ['GET', 'DELETE'] as const)
    expect(await mlflow.call(method, `${webhooks}/${id}`)).toMatchObject({
      status: 404,
      body: { error_code: 'RESOURCE_DOES_NOT_EXIST' },
    });
});

test.each([
  { url: 'http://example.com/x' },
  { url: 'https://169.254.169.254/latest/meta-data/' },
  { url: 'https://[::ffff:169.254.169.254]/' },
  { url: 'https://2852039166/' },
  { url: 'https://localhost/' },
  { url: '' },
  { name: '-w' },
  { events: [] },
  { events: [{ entity: 'REGISTERED_MODEL', action: 'DELETED' }] },
  { events: [{ entity: 'NOTHING', action: 'CREATED' }] },
])('a webhook with %j is refused when it is made and when it is changed', async (wrong) => {
  await using mlflow = await openMlflow();
  const good = { name: 'w', url: 'https://example.com/x', events };
  const refused = await mlflow.call('POST', webhooks, { ...good, ...wrong });
  expect(refused).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE' } });
  const creation = await mlflow.call('POST', webhooks, good);
  const { webhook_id: id } = creation.body['webhook'] as { readonly webhook_id: string };
  const changed = await mlflow.call('PATCH', `${webhooks}/${id}`, wrong);
  expect(changed.status).toBe('events' in wrong && wrong.events.length === 0 ? 200 : 400);
  expect((await mlflow.call('GET', `${webhooks}/${id}`)).body).toMatchObject({ webhook: good });
});

test('webhooks come page by page', async () => {
  await using mlflow = await openMlflow();
  for (const name of ['a', 'b', 'c'])
    await mlflow.call('POST', webhooks, { name, url: 'https://example.com', events });
  const first = await mlflow.call('GET', `${webhooks}?max_results=2`);
  const token = first.body['next_page_token'] as string;
  const second = await mlflow.call('GET', `${webhooks}?max_results=2&page_token=${token}`);
  const names = [first, second].flatMap(({ body }) =>
    (body['webhooks'] as readonly { readonly name: string }[]).map(({ name }) => name),
  );
  expect(names.toSorted()).toEqual(['a', 'b', 'c']);
  expect(second.body).not.toHaveProperty('next_page_token');
});

test('a receiver that the server allows by name is taken, over http too', async () => {
  await using mlflow = await openMlflow();
  const { webhooks: services } = mlflow.services;
  Object.assign(services, { reach: { receivers: allowedReceivers('hooks.internal:8080', 'X') } });
  const post = (url: string): Promise<{ readonly status: number }> =>
    mlflow.call('POST', webhooks, { name: 'w', url, events });
  expect((await post('http://hooks.internal:8080/x')).status).toBe(200);
  expect((await post('http://hooks.internal/x')).status).toBe(400);
});

test('trying a webhook out says what came of it, and looks at the address once more', async () => {
  await using mlflow = await openMlflow();
  const creation = await mlflow.call('POST', webhooks, { name: 'w', url: 'https://example.com/x', events });
  const { webhook_id: id } = creation.body['webhook'] as { readonly webhook_id: string };
  await mlflow.services.webhooks.store.change(id, { url: 'https://169.254.169.254/latest/meta-data/' }, 1);
  for (const body of [{}, { event: events[0] }])
    expect(await mlflow.call('POST', `${webhooks}/${id}/test`, body)).toMatchObject({
      status: 200,
      body: { result: { success: false, error_message: expect.stringContaining('non-public IP address') } },
    });
  const never = { event: { entity: 'MODEL_VERSION', action: 'SET' } };
  expect((await mlflow.call('POST', `${webhooks}/${id}/test`, never)).status).toBe(400);
});

const wrongNames = [
  ' ',
  'webhook<script>',
  'a@b',
  'a#b',
  'a/b',
  'a\\b',
  '-a',
  'a-',
  '_a',
  'a_',
  '.a',
  'a.',
  'a'.repeat(64),
  'a b',
  'é',
  'a\n',
];

test.each(wrongNames)('the name %j is refused in the words of MLflow', async (name) => {
  await using mlflow = await openMlflow();
  const good = { name: 'w', url: 'https://example.com/x', events };
  const creation = await mlflow.call('POST', webhooks, good);
  const { webhook_id: id } = creation.body['webhook'] as { readonly webhook_id: string };
  const quoted = name.replace('\\', '\\\\').replace('\n', '\\n');
  const message = `Webhook name '${quoted}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`;
  for (const response of [
    await mlflow.call('POST', webhooks, { ...good, name }),
    await mlflow.call('PATCH', `${webhooks}/${id}`, { name }),
  ])
    expect(response).toMatchObject({ status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message } });
});

test('an empty name is missing where a webhook is made, and invalid where it is changed', async () => {
  await using mlflow = await openMlflow();
  const good = { name: 'w', url: 'https://example.com/x', events };
  const creation = await mlflow.call('POST', webhooks, good);
  const { webhook_id: id } = creation.body['webhook'] as { readonly webhook_id: string };
  expect((await mlflow.call('POST', webhooks, { ...good, name: '' })).body).toMatchObject({
    message: expect.stringContaining("Missing value for required parameter 'name'.") as string,
  });
  expect((await mlflow.call('PATCH', `${webhooks}/${id}`, { name: '' })).body).toMatchObject({
    message: expect.stringContaining("Webhook name '' is invalid.") as string,
  });
});

test('a page has 1 to 1000 webhooks, and 100 where none are asked for', async () => {
  await using mlflow = await openMlflow();
  const status = async (most: string) => {
    const { status: code, body } = await mlflow.call('GET', `${webhooks}?max_results=${most}`);
    return [code, body['message']];
  };
  const message = 'max_results must be between 1 and 1000.';
  for (const most of ['1001', '-1', '2147483647']) expect(await status(most)).toEqual([400, message]);
  for (const most of ['0', '1', '1000']) expect(await status(most)).toEqual([200, undefined]);
});

test.each([
  [{ url: ' ' }, "Webhook URL cannot be empty or just whitespace: ' '"],
  [{ url: 'https://' }, "Webhook URL must include a hostname: 'https://'"],
  [{ url: 'ftp://example.com' }, "Invalid webhook URL scheme: 'ftp'. Allowed schemes are: https."],
  [
    { url: 'https://10.0.0.1' },
    "Webhook URL must not resolve to a non-public IP address. '10.0.0.1' resolves to 10.0.0.1.",
  ],
  [
    { events: [{ entity: 'REGISTERED_MODEL', action: 'DELETED' }] },
    "Invalid action 'deleted' for entity 'registered_model'. Valid actions are: ['created']",
  ],
  [{ events: [] }, 'Webhook events must be a non-empty list of WebhookEvent objects: [].'],
])('a webhook with %j is refused in the words of MLflow', async (wrong, message) => {
  await using mlflow = await openMlflow();
  const good = { name: 'w', url: 'https://example.com/x', events };
  expect((await mlflow.call('POST', webhooks, { ...good, ...wrong })).body).toMatchObject({ message });
});
