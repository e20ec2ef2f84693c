import { expect, test } from 'vitest';
import { ReadNotes } from './read-notes.ts';

test.each([
  [3, 3, undefined],
  [200, 200, undefined],
  [201, 200, 201],
  [5000, 200, 5000],
  [10_000, 200, 10_000],
  [30_000, 200, 10_000],
])(
  'of %i columns that are not read, %i are listed, and up to 10,000 are counted',
  (columns, listed, total) => {
    const notes = new ReadNotes(() => {});
    const names = Array.from({ length: columns }, (_, index) => `f${index}`);
    notes.ignore(names);
    notes.ignore(names);
    const { unread, unreadTotal } = notes.facts();
    expect([unread?.length, unreadTotal]).toEqual([listed, total]);
  },
);
