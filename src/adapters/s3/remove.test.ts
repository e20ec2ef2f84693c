import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { artifactPath } from '../../tracking/artifacts/path.ts';
import { openS3ArtifactStore } from './artifact-store.ts';

/** An S3 store that has one object, and refuses to delete it with a code. */
async function refusing(code: string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    response.writeHead(200, { 'content-type': 'application/xml' });
    const key = '<Key>run/a.txt</Key>';
    return void response.end(
      request.method === 'POST'
        ? `<DeleteResult><Error>${key}<Code>${code}</Code><Message>no</Message></Error></DeleteResult>`
        : `<ListBucketResult><Contents>${key}<Size>1</Size></Contents></ListBucketResult>`,
    );
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ['AccessDenied', 'CONFIG_INVALID'],
  ['InternalError', 'NOT_READY'],
])('a folder of which an object is not deleted (%s) is not removed: %s', async (code, error) => {
  await using store = await openS3ArtifactStore({
    bucket: 'models',
    endpoint: await refusing(code),
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  });
  await expect(store.remove(artifactPath('run'))).rejects.toMatchObject({
    code: error,
    message: expect.stringContaining(`models: ${code}`),
  });
});
