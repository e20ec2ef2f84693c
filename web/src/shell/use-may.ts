import { useQuery } from '@tanstack/react-query';
import { callerQuery } from '../queries.ts';

/** Whether the caller has a permission; false until that is known, so that nothing is offered and then refused. */
export function useMay(permission: 'deploy'): boolean {
  const { data: caller } = useQuery(callerQuery);
  return caller?.may.includes(permission) ?? false;
}
