import { expect, test } from 'vitest';
import { openMlflow } from './testing.fixture.ts';

const proxied = '/api/2.0/mlflow-artifacts/artifacts';
const put = { method: 'PUT', text: 'bytes', contentType: 'application/octet-stream' } as const;

test.each(['a:b.txt', 'C:x', 'x:y/z', 'abc:/x', 'a:', ':a', 'a%3Ab'])(
  'what is put as %s is listed, and got in every way under its name',
  async (name) => {
    await using mlflow = await openMlflow();
    const creation = await mlflow.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
    const { run_id: id, artifact_uri } = (
      creation.body['run'] as { readonly info: { readonly run_id: string; readonly artifact_uri: string } }
    ).info;
    const root = artifact_uri.replace('mlflow-artifacts:/', '');
    const get = async (url: string) => (await mlflow.call('GET', url)).text;
    const encoded = name.split('/').map(encodeURIComponent).join('/');
    for (const folder of ['', 'd/']) {
      expect((await mlflow.send({ ...put, path: `${proxied}/${root}/${folder}${encoded}` })).status).toBe(
        200,
      );
      for (const url of [
        `${proxied}/${root}/${folder}${encoded}`,
        `/get-artifact?run_id=${id}&path=${folder}${encoded}`,
      ])
        expect([url, await get(url)]).toEqual([url, 'bytes']);
    }
    const list = (path: string) => get(`/api/2.0/mlflow/artifacts/list?run_id=${id}&path=${path}`);
    const [first = ''] = name.split('/');
    expect(await list('')).toContain(JSON.stringify(first));
    expect(await list('d')).toContain(JSON.stringify(`d/${first}`));
    expect(await list(name.includes('/') ? encodeURIComponent(first) : '')).toContain(JSON.stringify(name));
  },
);
