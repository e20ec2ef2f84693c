import { defineConfig } from 'vitest/config';
import unit from './vitest.config.ts';

/** Real clients and services beside ours. One file at a time: they share ports and the machine. */
export default defineConfig({
  resolve: unit.resolve ?? {},
  test: {
    include: ['test/compat/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
