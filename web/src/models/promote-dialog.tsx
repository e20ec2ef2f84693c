import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ModelVersionView, RegisteredModelView } from '../../../src/client/index.ts';
import { client } from '../queries.ts';
import { Effect, formatVersion } from './effects.tsx';
import { MetricsCompared } from './metrics-compared.tsx';
import { versionQuery } from './model-queries.ts';
import { MoveForm } from './move-form.tsx';

interface PromoteDialogProps {
  readonly model: RegisteredModelView;
  readonly version: number;
  /** The alias that the field begins with. @default the one that is served, or the first */
  readonly alias: string | undefined;
  readonly onClose: () => void;
}

/** Points an alias to a version, after it said what that changes. */
export function PromoteDialog({ model, version: to, alias: asked, onClose }: PromoteDialogProps): ReactNode {
  const [alias, setAlias] = useState(asked ?? usualAlias(model, to));
  const { data: version } = useSuspenseQuery(versionQuery(model.name, to));
  const from = (Object.hasOwn(model.aliases, alias) ? model.aliases[alias] : undefined) ?? null;
  const { data: before } = useQuery({ ...versionQuery(model.name, from ?? 0), enabled: from !== null });
  const held = heldFor(alias, version);
  const isThere = from === to;
  return (
    <MoveForm
      model={model.name}
      title={`Promote version ${to}${alias === '' ? '' : ` to @${alias}`}`}
      action={held ? `Promote version ${to} anyway` : `Promote version ${to}`}
      needsReason={held !== undefined}
      isIncomplete={alias === '' || isThere}
      onMove={(why) =>
        client.promote({ model: model.name, alias, version: to, expected: from, ...(why !== '' && { why }) })
      }
      onClose={onClose}
    >
      <label className="field">
        <span>Alias</span>
        <input
          name="alias"
          value={alias}
          maxLength={255}
          list="aliases-of-model"
          data-first-focus={alias === '' || undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setAlias(event.target.value.trim().replace(/^@/, ''))}
        />
        <datalist id="aliases-of-model">
          {model.aliasList.map((each) => (
            <option key={each.alias}>{each.alias}</option>
          ))}
        </datalist>
      </label>
      {alias !== '' && (
        <>
          <p>
            {isThere
              ? `@${alias} points to version ${to} already.`
              : `@${alias} moves from ${formatVersion(from)} to version ${to}.`}
          </p>
          {!isThere && <Effect model={model} alias={alias} to={to} />}
        </>
      )}
      {before && !isThere && <MetricsCompared version={version} against={before} />}
      {held && (
        <p className="note warn">
          <strong>The gate held version {to}.</strong> {held}
        </p>
      )}
    </MoveForm>
  );
}

/** The alias that is served, else the first one that is elsewhere; '' to let a person name one. */
function usualAlias({ served, aliasList }: RegisteredModelView, to: number): string {
  return served?.alias ?? aliasList.find(({ version }) => version !== to)?.alias ?? '';
}

/** Why the gate does not want the version under an alias; undefined if it does not mind. */
function heldFor(alias: string, { verdicts }: ModelVersionView): string | undefined {
  const verdict = verdicts.find((each) => each.alias === alias);
  if (verdict?.decision.kind !== 'hold') return undefined;
  return verdict.summary.replace(/^held: */, '');
}
