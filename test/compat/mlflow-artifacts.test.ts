import { expect, test } from 'vitest';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';
import { startServer } from './mlflow-server.ts';

const names = [
  '100% space & (marks) + more.txt',
  'MLmodel',
  'a.tar.gz',
  'deep/er/bytes.bin',
  'empty',
  'plain.txt',
  'späť/über 🎉.txt',
];
const megabytes = 1024;
const size = megabytes << 20;

test.skipIf(withoutPython)(
  `artifacts of any size and name are read back, in little memory${whyWithoutPython}`,
  async () => {
    await using server = await startServer();
    const result = await runScript<object>('./mlflow_artifacts.py', {
      url: server.url,
      input: { megabytes },
    });
    expect(result).toMatchObject({
      large: [size, true, [['weights/large.bin', false, size]]],
      folder: [names, true],
      one: 'späť',
      names: {
        top: [
          ['all', true, null],
          ['weights', true, null],
        ],
        all: [
          ['all/100% space & (marks) + more.txt', false, 5],
          ['all/MLmodel', false, 11],
          ['all/a.tar.gz', false, 13],
          ['all/deep', true, null],
          ['all/empty', false, 0],
          ['all/plain.txt', false, 5],
          ['all/späť', true, null],
        ],
        'of a file': [],
        'of nothing': [],
      },
      replaced: 'plainer',
      'after deletion': [
        [['all', true, null]],
        ['all/100% space & (marks) + more.txt', 'all/MLmodel', 'all/a.tar.gz', 'all/empty', 'all/späť'],
      ],
      // MLflow 2's client reports every failed download with a code of its own.
      refused: [expect.stringMatching(/^(RESOURCE_DOES_NOT_EXIST|INTERNAL_ERROR)$/), 400],
    });
    expect(await server.peakMemory()).toBeLessThan(400);
  },
);
