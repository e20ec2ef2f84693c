import { expect, test } from 'vitest';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';
import { startServer } from './mlflow-server.ts';
import { credentials, startGateway, withoutGateway } from './s3-gateway.ts';

const why = withoutGateway ? ' (skipped: needs versitygw)' : whyWithoutPython;

/** Files of 13 MB are sent in three parts and read in seven. */
const small = {
  MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: String(6 << 20),
  MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE: String(5 << 20),
  MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE: String(6 << 20),
  MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE: String(2 << 20),
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
};
const inParts = {
  ...small,
  MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'true',
  MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: 'true',
};

test.skipIf(withoutPython)(
  `a client can send parts through a server that stores files itself${whyWithoutPython}`,
  async () => {
    await using server = await startServer();
    expect(await runScript('./mlflow_multipart.py', { url: server.url, env: inParts })).toEqual({
      same: true,
      begun: 1,
      completed: 1,
      'parts through the server': 3,
      'parts past it': 0,
      'pieces past it': 0,
      'files through the server': 0,
    });
  },
);

test.skipIf(withoutPython || withoutGateway)(
  `with a bucket, parts bypass the server in both directions${why}`,
  async () => {
    await using gateway = await startGateway();
    await using server = await startServer({
      MODELYARD_ARTIFACTS: `s3://${await gateway.newBucket()}/team`,
      MODELYARD_S3_ENDPOINT: gateway.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    expect(await runScript('./mlflow_multipart.py', { url: server.url, env: inParts })).toEqual({
      same: true,
      begun: 1,
      completed: 1,
      'parts through the server': 0,
      'parts past it': 3,
      'pieces past it': 7,
      'files through the server': 0,
    });
    expect(await runScript('./mlflow_multipart.py', { url: server.url, env: small })).toMatchObject({
      same: true,
    });
  },
);
