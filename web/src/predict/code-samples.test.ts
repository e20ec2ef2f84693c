import { expect, test } from 'vitest';
import { codeSamples } from './code-samples.ts';

const textOf = (language: string, request = {}): string =>
  codeSamples({ origin: 'http://127.0.0.1:4310', endpoint: 't20-score', request }).find(
    (sample) => sample.language === language,
  )?.text ?? '';

test('curl survives an apostrophe', () => {
  expect(textOf('curl', { venue: "Lord's" })).toContain(String.raw`"venue": "Lord'\''s"`);
});

test('Python writes its own words, and leaves text alone', () => {
  const text = textOf('Python', { chasing: true, dew: false, venue: null, note: 'true or null' });
  expect(text).toContain('"chasing": True');
  expect(text).toContain('"dew": False');
  expect(text).toContain('"venue": None');
  expect(text).toContain('"note": "true or null"');
});

test('TypeScript leaves quotes off names that need none', () => {
  const text = textOf('TypeScript', { overs: 12, 'last-five': 44 });
  expect(text).toContain('    overs: 12,');
  expect(text).toContain('    "last-five": 44');
});
