'use strict';

/**
 * Counts the tests of a report by Vitest's JSON reporter. A file that does not load counts as a failed test, and so does
 * a run that ends badly although no test failed (an error outside of a test, or no test at all).
 * @param {object | undefined} report undefined when Vitest wrote none
 * @param {{ code: number | undefined, hasShared: boolean, strict: boolean }} facts Vitest's exit code; whether ../shared
 *   is there; whether a skip without leave counts as a failure
 * @returns {{ passed: number, failed: number, skipped: string[], refused: string[], files: string[] }} `refused` are the
 *   skips without leave, which `failed` counts; none unless `strict`
 */
function countTests(report, { code, hasShared, strict }) {
  const results = report?.testResults ?? [];
  const tests = results.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const skipped = tests
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName.trim());
  const isPermitted = (name) =>
    name.includes('this machine does not allow') || (!hasShared && name.includes('../shared'));
  const refused = strict ? skipped.filter((name) => !isPermitted(name)) : [];
  const broken = results.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const counted = tests.filter(({ status }) => status === 'failed').length + broken;
  const failed = code === 0 ? counted : Math.max(counted, 1);
  const files = results.map(({ name }) => name);
  return { passed, failed: failed + refused.length, skipped, refused, files };
}

module.exports = { countTests };
