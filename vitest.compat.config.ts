import { defineConfig } from 'vitest/config';
import unit from './vitest.config.ts';

/** Real clients and services beside ours. Two files at a time: each waits for Python to start most of its time. */
export default defineConfig({
  resolve: unit.resolve ?? {},
  test: {
    include: ['test/compat/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
