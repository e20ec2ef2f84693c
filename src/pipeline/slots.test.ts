import { expect, test } from 'vitest';
import { openSlots } from './slots.ts';

/** Lets everything that can go on without a slot go on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more than so many hold one, and who came first is served first', async () => {
  const slots = openSlots(2);
  const taken: number[] = [];
  const held: Disposable[] = [];
  for (const place of [0, 1, 2, 3])
    void slots.take().then((slot) => {
      taken.push(place);
      held[place] = slot;
    });
  await settled();
  expect(taken).toEqual([0, 1]);
  held[1]?.[Symbol.dispose]();
  await settled();
  expect(taken).toEqual([0, 1, 2]);
  held[0]?.[Symbol.dispose]();
  held[2]?.[Symbol.dispose]();
  await settled();
  expect(taken).toEqual([0, 1, 2, 3]);
});
