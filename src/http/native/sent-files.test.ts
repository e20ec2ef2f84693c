import { expect, onTestFinished, test } from 'vitest';
import type { Operations } from '../../api/routes.ts';
import { actorOf } from '../../access/identity.ts';
import { isRole, roles } from '../../access/roles.ts';
import { allowAnonymous, type SignIn } from '../../access/sign-in.ts';
import type { Caller } from '../../serving/endpoint.ts';
import { openServer } from './server.fixture.ts';

/** 'Bearer viewer' is a viewer, and so on. */
const byRole: SignIn = {
  challenge: 'Bearer realm="Modelyard"',
  identify({ authorization = '' }) {
    const role = authorization.replace('Bearer ', '');
    return isRole(role) ? actorOf({ name: role, key: role, roles: [role] }) : undefined;
  },
};

async function callerOf(signIn: SignIn, role: string): Promise<Caller | undefined> {
  let caller: Caller | undefined;
  const server = await openServer({
    signIn,
    operationsFor: (each) => {
      caller = each;
      return { listBatches: async () => [] } as unknown as Operations;
    },
  });
  onTestFinished(() => server.close());
  await server.inject({
    url: '/api/endpoints/house-price/batches',
    headers: { authorization: `Bearer ${role}` },
  });
  return caller;
}

test.each(roles.filter((role) => role !== 'viewer'))('a %s sees the files that it may see', async (role) => {
  expect(await callerOf(byRole, role)).toMatchObject({ name: role, sentOnly: role === 'predictor' });
});

test('where nobody signs in, everybody sees all files', async () => {
  expect(await callerOf(allowAnonymous, 'anybody')).toMatchObject({ sentOnly: false });
});
