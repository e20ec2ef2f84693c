import { expect, test } from 'vitest';
import { openTemporaryBlobStore } from '../../data/temporary-blob-store.contract.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import { openBundler } from './bundler.ts';
import { config, type Files, innings, load, written } from './project.fixture.ts';

test('every mistake names the file and line of the call that has it', async () => {
  const text = config
    .replace("target: 'final'", "target: 'finale'")
    .replace("'matches', cric", "'My matches', cric");
  const [first, second] = await mistakesIn({
    'modelyard.config.ts': text.replace('interval: 1', 'interval: 2'),
  });
  expect(first).toMatch(/^modelyard\.config\.ts:10:\d+ source name "My matches"/);
  expect(second).toMatch(/^modelyard\.config\.ts:12:\d+ model score: target is "finale"/);

  const schema = `${innings}export const odd = table(z.object({ inner: z.object({ a: z.string() }) }));\n`;
  const [column] = await mistakesIn({ 'innings.ts': `import { table } from 'modelyard';${schema}` });
  expect(column).toMatch(/^innings\.ts:11:\d+ /);

  const [named] = await mistakesIn({
    'modelyard.config.ts': config.replace("defineProject('overs'", "defineProject('Overs'"),
  });
  expect(named).toMatch(/^modelyard\.config\.ts:33:\d+ project name "Overs"/);
});

/** 'modelyard.config.ts:12:1 model score: …', one for each mistake. */
async function mistakesIn(change: Files): Promise<readonly string[]> {
  const error: unknown = await load(await written(change)).catch((cause: unknown) => cause);
  const { detail } = error as PlatformError;
  return [detail, ...(detail.more ?? [])].map(({ at, remedy }) => `${at} ${remedy}`);
}

test('code that no module exports is refused with the file and line of what declares it', async () => {
  await using blobs = await openTemporaryBlobStore();
  const bundler = openBundler(await load(await written()), { blobs });
  await expect(bundler.bundle(() => 1, 'steps.count.run')).rejects.toMatchObject({
    detail: { at: expect.stringMatching(/^modelyard\.config\.ts:11:\d+$/) },
  });
});
