import { expect, test } from 'vitest';
import { clientId, openProvider } from '../../src/adapters/oidc/provider.fixture.ts';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';
import { startServer } from './mlflow-server.ts';

test.skipIf(withoutPython)(
  `a client with a token of an OpenID provider may do what its roles allow${whyWithoutPython}`,
  async () => {
    await using provider = await openProvider({ accounts: {}, redirectUris: ['http://127.0.0.1/'] });
    await using server = await startServer({
      MODELYARD_OIDC_ISSUER: provider.url,
      MODELYARD_OIDC_CLIENT_ID: clientId,
      MODELYARD_OIDC_ROLES: 'staff=viewer,data=contributor,leads=maintainer',
    });
    const past = Math.floor(Date.now() / 1000) - 3600;
    const results = await runScript<object>('./mlflow_oidc.py', {
      url: server.url,
      input: {
        viewer: await provider.token({ groups: ['staff'] }),
        contributor: await provider.token({ groups: ['data'] }),
        maintainer: await provider.token({ groups: ['leads'] }),
        'no role': await provider.token({ groups: ['sales'] }),
        'over long ago': await provider.token({ groups: ['leads'], exp: past }),
        'for another server': await provider.token({ groups: ['leads'], aud: 'another' }),
      },
    });
    const notForThem = ['ENDPOINT_NOT_FOUND', 404];
    const unknown = ['UNAUTHENTICATED', 401];
    expect(results).toEqual({
      viewer: { read: true, log: notForThem, promote: notForThem },
      contributor: { read: true, log: 'logged', promote: notForThem },
      maintainer: { read: true, log: 'logged', promote: '1' },
      'no role': { read: notForThem, log: notForThem, promote: notForThem },
      'over long ago': { read: unknown, log: unknown, promote: unknown },
      'for another server': { read: unknown, log: unknown, promote: unknown },
    });
  },
);
