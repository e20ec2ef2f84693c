import { expect, test } from 'vitest';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';
import { startServer } from './mlflow-server.ts';

/** A script's expected facts and what the server returned, under the same names. */
interface Compared {
  readonly expected: Readonly<Record<string, unknown>>;
  readonly found: Readonly<Record<string, unknown>>;
}

test.skipIf(withoutPython).each([
  ['what scikit-learn logs by itself is read back', './mlflow_sklearn.py', 18],
  ['the registry does all that the client asks', './mlflow_registry.py', 41],
] as const)(`%s${whyWithoutPython}`, async (_what, script, facts) => {
  await using server = await startServer();
  const { expected, found } = await runScript<Compared>(script, server);
  expect(found).toEqual(expected);
  expect(Object.keys(expected)).toHaveLength(facts);
});

test.skipIf(withoutPython)(`runs are found by every operator and order${whyWithoutPython}`, async () => {
  await using server = await startServer();
  expect(await runScript('./mlflow_search.py', server)).toMatchObject({
    wrong: [],
    counts: { filters: 828, orders: 56, refused: 11 },
  });
});

test.skipIf(withoutPython)(
  `100,000 points of a metric are read back in order${whyWithoutPython}`,
  async () => {
    await using server = await startServer();
    const history = await runScript<object>('./mlflow_metrics.py', server);
    expect(history).toMatchObject({ points: 100_000, wrong: [], latest: [true, 1.5] });
  },
);

test.skipIf(withoutPython)(`the admin's token is accepted in every form${whyWithoutPython}`, async () => {
  const token = 'correct-horse-battery';
  await using server = await startServer({ MODELYARD_ADMIN_TOKEN: token });
  const results = await runScript<object>('./mlflow_sign_in.py', { url: server.url, input: { token } });
  const refused = ['UNAUTHENTICATED', 401, expect.stringContaining('as the password of any user')];
  expect(results).toEqual({
    bearer: [1, 'secret'],
    password: [1, 'secret'],
    'wrong bearer': refused,
    'wrong password': refused,
    none: refused,
    experiments: ['Default', 'bearer', 'password'],
  });
});
