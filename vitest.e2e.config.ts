import { defineConfig } from 'vitest/config';

/** The built product as a process. One file at a time: they share ports and the machine. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
