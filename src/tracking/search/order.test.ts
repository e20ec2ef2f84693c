import { expect, test } from 'vitest';
import { SearchError } from './ast.ts';
import { experimentSearch, modelVersionSearch, registeredModelSearch, runSearch } from './grammar.ts';
import { parseOrders } from './order.ts';

test('reads names and directions', () => {
  const orders = parseOrders(
    ['metrics.loss', 'params.`my param` DESC', 'Created asc', 'tags."a b" desc'],
    runSearch,
  );
  expect(orders).toEqual([
    { entity: 'metric', key: 'loss', ascending: true },
    { entity: 'param', key: 'my param', ascending: false },
    { entity: 'attribute', key: 'start_time', ascending: true },
    { entity: 'tag', key: 'a b', ascending: false },
  ]);
});

test('the other searches order by attributes of their own', () => {
  expect(parseOrders(['creation_time DESC', 'experiment_id'], experimentSearch)).toMatchObject([
    { key: 'creation_time', ascending: false },
    { key: 'experiment_id', ascending: true },
  ]);
  expect(parseOrders(['timestamp DESC'], registeredModelSearch)).toEqual([
    { entity: 'attribute', key: 'last_updated_timestamp', ascending: false },
  ]);
  expect(parseOrders(['version_number DESC'], modelVersionSearch)).toMatchObject([{ key: 'version_number' }]);
});

test.each([
  [['metrics.m down'], "Invalid ordering key in order_by clause 'metrics.m down'"],
  [['name ASC, x'], "Invalid order_by clause 'name ASC, x'. Could not be parsed"],
  [[''], "Invalid order_by clause ''. Could not be parsed"],
  [
    ['metrics.m; DROP TABLE runs'],
    "Invalid order_by clause 'metrics.m; DROP TABLE runs'. Could not be parsed",
  ],
  [
    ['foo DESC'],
    "Invalid attribute key 'foo' specified. Valid keys are '{'end_time', 'status', 'artifact_uri', 'user_id', 'created', 'Created', 'run_name', 'run_id', 'start_time'}'",
  ],
  [['metrics.a', 'metrics.a DESC'], "`order_by` contains duplicate fields: ['metrics.a', 'metrics.a DESC']"],
])('refuses %j', (clauses, reason) => {
  const read = (): unknown => parseOrders(clauses, runSearch);
  expect(read).toThrow(SearchError);
  expect(read).toThrow(reason);
});

test('each search refuses in its own words', () => {
  expect(() => parseOrders(['foo'], registeredModelSearch)).toThrow(
    "Invalid order by key 'foo' specified. Valid keys are '{'name', 'timestamp'}'",
  );
  expect(() => parseOrders(['tags.t'], experimentSearch)).toThrow('Invalid order_by entity: tag');
});

test('an item is bounded in length, and read no further than its second word', () => {
  const item = `metrics.\`${'m'.repeat(10_000)}\``;
  expect(() => parseOrders([item], runSearch)).toThrow('An order_by item may have 10000 characters at most');
});
