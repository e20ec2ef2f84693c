import type { ReactNode } from 'react';
import type { RegisteredModelView } from '../../../src/client/index.ts';

interface EffectProps {
  readonly model: Pick<RegisteredModelView, 'name' | 'served'>;
  readonly alias: string;
  /** Undefined when the alias is removed. */
  readonly to: number | undefined;
}

/** What changes for those who use an alias: the endpoint that follows it, or clients alone. */
export function Effect({ model: { name, served }, alias, to }: EffectProps): ReactNode {
  if (served?.alias !== alias)
    return (
      <p>
        No endpoint of this server follows @{alias}. Clients that load{' '}
        <code>
          models:/{name}@{alias}
        </code>{' '}
        {to === undefined ? 'find no version' : `get version ${to}`} from then on.
      </p>
    );
  const path = <code>/predict/{served.endpoint}</code>;
  if (to === undefined)
    return (
      <p>
        {path} follows @{alias}: it then serves no version and refuses predictions.
      </p>
    );
  return (
    <p>
      {path} follows @{alias}: version {to} {served.version === null ? 'is served there' : 'takes over'}
      {served.version !== null && served.version !== to && ` from version ${served.version}`}, between two
      requests.
    </p>
  );
}

/** 'version 3', 'no version' */
export function formatVersion(version: number | null): string {
  return version === null ? 'no version' : `version ${version}`;
}
