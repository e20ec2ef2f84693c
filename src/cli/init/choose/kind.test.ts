import { expect, test } from 'vitest';
import { draftNotes } from '../conversation/notes.ts';
import { withBlanks } from '../conversation/flag-text.ts';
import { drafted, modelDraft } from '../drafts.fixture.ts';

const line =
  (value: (index: number) => string | number) =>
  (index: number): string =>
    `${((index * 7) % 307) / 10},${value(index)}`;

function notesFor(name: string, value: (index: number) => string | number): readonly string[] {
  const draft = modelDraft(`size,${name}`, line(value), { rows: 300, target: name });
  return draftNotes(draft).map(({ text }) => withBlanks(text));
}

test.each<readonly [string, (index: number) => number, string, string]>([
  ['quality', (index) => 3 + (index % 7), 'number', 'class'],
  ['satisfaction (1-5)', (index) => 1 + (index % 5), 'number', 'class'],
  ['overall_rating', (index) => 1 + (index % 5), 'number', 'class'],
  ['bedrooms', (index) => 1 + (index % 4), 'number', 'class'],
  ['number of doors', (index) => 1 + (index % 3), 'number', 'class'],
  ['cylinders', (index) => [3, 4, 5, 6, 8][index % 5] ?? 0, 'number', 'class'],
  ['year', (index) => 2000 + (index % 12), 'number', 'class'],
  ['anything', (index) => (1 + (index % 6)) * 10, 'number', 'class'],
  ['label', (index) => 1 + (index % 5), 'class', 'number'],
  ['risk_class', (index) => index % 4, 'class', 'number'],
  ['segment', (index) => 1 + (index % 3), 'class', 'number'],
  ['left', (index) => index % 2, 'boolean', 'number'],
  ['left', (index) => 1 + (index % 2), 'class', 'number'],
])(
  '%s of a few whole numbers is predicted as one kind, and the flag of the other is said',
  (name, value, ...[kind, other]) => {
    const draft = modelDraft(`size,${name}`, line(value), { rows: 300, target: name });
    expect(draft).toMatchObject({ kind, otherKind: other });
    expect(notesFor(name, value)).toEqual([expect.stringContaining(`--kind ${other} predicts them as`)]);
    const targetKind = other === 'class' ? 'class' : 'number';
    expect(modelDraft(`size,${name}`, line(value), { rows: 300, target: name, targetKind })).toMatchObject({
      kind: other,
      otherKind: undefined,
    });
  },
);

test.each<readonly [string, (index: number) => number]>([
  ['target', (index) => 1 + (index % 5)],
  ['output', (index) => index % 3],
  ['sentiment', (index) => (index % 3) - 1],
  ['risk_level', (index) => 1 + (index % 4)],
])('%s of numbers that may be codes is a question', (name, value) => {
  const { questions } = drafted(`size,${name}`, line(value), { rows: 300, target: name });
  expect(questions).toMatchObject([
    { about: 'kind', flag: '--kind', candidates: [{ value: 'number' }, { value: 'class' }] },
  ]);
});

test.each<readonly [string, (index: number) => string | number]>([
  ['price', (index) => index * 3],
  ['width', (index) => `${index % 5}.5`],
  ['town', (index) => `t${index % 3}`],
  ['garden', (index) => (index % 2 ? 'yes' : 'no')],
])('%s has one kind alone, so nothing is said of it', (name, value) => {
  expect(notesFor(name, value)).toEqual([]);
});
