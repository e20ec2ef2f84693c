import { defineConfig } from 'vitest/config';
import unit from './vitest.config.ts';

/** What is broken on purpose, and what is lost by it. One file at a time: they load the machine. */
export default defineConfig({
  resolve: unit.resolve ?? {},
  test: {
    include: ['test/faults/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
