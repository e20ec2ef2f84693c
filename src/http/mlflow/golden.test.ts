import { describe, expect, test } from 'vitest';
import { recordedExchanges, replay, type Replayed } from './golden.fixture.ts';
import { openMlflow } from './testing.fixture.ts';

const exchanges = recordedExchanges();

interface Ours {
  readonly why: string;
  /** The recorded one, where none is given. */
  readonly status?: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const pointOfM: unknown = expect.objectContaining({ key: 'm' });
const alreadyThere = {
  error_code: 'RESOURCE_ALREADY_EXISTS',
  message: expect.stringMatching(/^Experiment\(name=g\d+\) already exists\.(?!.*SQL)/s) as unknown,
};

/** Where we answer otherwise on purpose, by the number of the exchange. */
const ours: Readonly<Record<number, Ours>> = {
  2: {
    why: 'what newer clients ask for is told too',
    body: { store_type: 'SqlStore', workspaces_enabled: false, multipart_uploads_enabled: false },
  },
  3: { why: 'an unknown address is answered in JSON', body: { error_code: 'ENDPOINT_NOT_FOUND' } },
  4: { why: 'so is a wrong method', status: 404, body: { error_code: 'ENDPOINT_NOT_FOUND' } },
  6: { why: 'no text of SQL leaves the server', body: alreadyThere },
  23: { why: 'the missing field is named', body: { error_code: 'INVALID_PARAMETER_VALUE' } },
  50: { why: 'a history without max_results is answered in full', body: { metrics: [pointOfM, pointOfM] } },
  54: { why: 'NaN is valid JSON', body: { metrics: [pointOfM, pointOfM] } },
  134: { why: 'the id in the path is enough', status: 200, body: {} },
  135: { why: 'so its param is there', body: { models: [expect.anything()] } },
  144: { why: "the server's folder is not told", body: { error_code: 'RESOURCE_DOES_NOT_EXIST' } },
  152: {
    why: 'an upload in parts is taken',
    status: 200,
    body: { upload_id: expect.any(String) as unknown },
  },
  159: { why: 'a body that is no JSON is refused as such', body: { error_code: 'BAD_REQUEST' } },
  162: { why: 'no text of SQL leaves the server', body: alreadyThere },
};

function wantedOf(expected: Replayed['expected'], other: Ours | undefined): unknown {
  if (!other) return expected;
  return { status: other.status ?? expected.status, body: expect.objectContaining(other.body) as unknown };
}

describe.skipIf(exchanges.length === 0)(
  'what MLflow 3.12.0 was recorded to answer (needs ../shared beside this checkout)',
  async () => {
    await using mlflow = await openMlflow();
    const replayed = await replay(exchanges, mlflow.send);

    test('the recording was read', () => {
      expect(replayed.length).toBeGreaterThan(150);
    });

    test.each(replayed.map((exchange, index) => ({ ...exchange, other: ours[index] })))(
      '$title',
      ({ expected, actual, other }) => {
        expect(actual).toEqual(wantedOf(expected, other));
      },
    );
  },
);
