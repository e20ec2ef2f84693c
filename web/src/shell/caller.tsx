import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callerQuery } from '../queries.ts';

/** The name of the signed-in caller and a button to sign out; nothing on a server without sign-in. */
export function SignedIn(): ReactNode {
  const { data: caller } = useQuery(callerQuery);
  if (!caller || caller.name === null) return null;
  const roles = caller.roles?.length === 0 ? 'no role' : (caller.roles?.join(', ') ?? 'all rights');
  return (
    <form className="caller" method="post" action="/sign-out">
      <span title={`Signed in with ${roles}`}>{caller.name}</span>
      {caller.canSignOut && (
        <button type="submit" className="button">
          Sign out
        </button>
      )}
    </form>
  );
}
