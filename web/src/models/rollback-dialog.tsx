import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RegisteredModelView } from '../../../src/client/index.ts';
import { client } from '../queries.ts';
import { Effect, formatVersion } from './effects.tsx';
import { MetricsCompared } from './metrics-compared.tsx';
import { versionQuery } from './model-queries.ts';
import { MoveForm } from './move-form.tsx';

interface AliasDialogProps {
  readonly model: RegisteredModelView;
  readonly alias: string;
  readonly onClose: () => void;
}

/** Moves an alias back to the version that was live before, after it said what that changes. */
export function RollbackDialog({ model, alias, onClose }: AliasDialogProps): ReactNode {
  const { version: from = null, previous: to = null } =
    model.aliasList.find((each) => each.alias === alias) ?? {};
  const { data: before } = useQuery({ ...versionQuery(model.name, from ?? 0), enabled: from !== null });
  const { data: after } = useQuery({ ...versionQuery(model.name, to ?? 0), enabled: to !== null });
  return (
    <MoveForm
      model={model.name}
      title={`Roll back @${alias}`}
      action={to === null ? 'Roll back' : `Roll back to version ${to}`}
      isIncomplete={to === null}
      onMove={(why) =>
        client.rollback({
          model: model.name,
          alias,
          ...(from !== null && { expected: from }),
          ...(why !== '' && { why }),
        })
      }
      onClose={onClose}
    >
      {to === null ? (
        <p>No earlier version was under @{alias}, so there is nothing to go back to.</p>
      ) : (
        <>
          <p>
            @{alias} moves from {formatVersion(from)} back to version {to}. Nothing is deleted
            {from !== null && `: version ${from} can be promoted again`}.
          </p>
          <Effect model={model} alias={alias} to={to} />
        </>
      )}
      {before && after && <MetricsCompared version={after} against={before} />}
    </MoveForm>
  );
}

/** Removes an alias, after it said what that changes. */
export function RemoveDialog({ model, alias, onClose }: AliasDialogProps): ReactNode {
  const from = model.aliasList.find((each) => each.alias === alias)?.version ?? null;
  return (
    <MoveForm
      model={model.name}
      title={`Remove the alias @${alias}`}
      action={`Remove @${alias}`}
      isIncomplete={from === null}
      onMove={(why) =>
        client.removeAlias({
          model: model.name,
          alias,
          ...(from !== null && { expected: from }),
          ...(why !== '' && { why }),
        })
      }
      onClose={onClose}
    >
      <p>
        {from === null
          ? `@${alias} is not set.`
          : `@${alias} points to version ${from}. The version stays; only the alias is removed.`}
      </p>
      {from !== null && <Effect model={model} alias={alias} to={undefined} />}
    </MoveForm>
  );
}
