import { expect, test } from 'vitest';
import { z } from 'zod';
import { games, margin, mistakesIn } from '../declarations.fixture.ts';
import { featureView, type Lookup } from '../tables/feature-view.ts';

const form = featureView('form', { rows: games, key: 'host', at: 'date' });
const host = form.of('host', { before: 'date' });

/** A planted leak, and the message with what leaks and how to mend it. */
test.each<[string, object, string]>([
  [
    'the target among the fields of a request',
    { request: z.object({ host: z.string(), margin: z.int() }) },
    'request field "margin" is the target, which a caller cannot know: remove it from the request',
  ],
  [
    'an id taken as an order',
    { split: { by: 'gameId', test: 0.2 } },
    'split.by "gameId" is a string column: name a date or time column, such as "date". Sorted by an id or a name, later rows would train',
  ],
  [
    'rows that belong together on both sides',
    { split: { test: 0.2 } },
    'split has neither `by` nor `group`: a random split of rows leaks, so choose the column that orders or groups them',
  ],
  [
    'a lookup that does not look back',
    { lookups: { host: { ...host, before: undefined } as unknown as Lookup } },
    'lookup "host": before is missing: name the time column of the rows to look strictly before. Without it, training would see values of its own time and later',
  ],
  [
    'a lookup before what is not a time',
    { lookups: { host: { ...host, before: 'guest' } } },
    'lookup "host": before "guest" is one of Ducks, Geese; it must be a date or a time, because values are looked up strictly before it',
  ],
])('%s is refused', (_leak, planted, message) => {
  expect(mistakesIn({ models: [{ ...margin, ...planted }] })).toContain(`model margin: ${message}`);
});
