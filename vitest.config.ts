import { defineConfig } from 'vitest/config';

const source = (path: string): string => new URL(path, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^modelyard$/, replacement: source('./src/index.ts') },
      { find: /^modelyard\/(sources|client)$/, replacement: source('./src/$1/index.ts') },
    ],
  },
  test: {
    // Modules keep nothing of a test, so the files of a process share them.
    isolate: false,
    // Vitest would leave one processor idle.
    maxWorkers: '100%',
    globalSetup: './test/temporary-folder.ts',
    include: [
      'src/**/*.test.ts',
      'web/src/**/*.test.ts',
      'test/*.test.ts',
      'bench/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    typecheck: { include: ['src/**/*.test-d.ts'] },
    testTimeout: 30_000,
  },
});
