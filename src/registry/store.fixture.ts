import type { AliasMove, NewModel, NewModelVersion, VersionKey } from './model.ts';
import type { ChangedBy, RegistryStore } from './store.ts';

/** A registry that is empty, and gone when disposed of. */
export interface OpenRegistry extends AsyncDisposable {
  readonly store: RegistryStore;
}

/** A model 'm' as a client makes it. */
export function newModel(over: Partial<NewModel> = {}): NewModel {
  return { name: 'm', description: '', tags: {}, at: 10, ...over };
}

/** A version of it, whose files lie in a bucket. */
export function newVersion(over: Partial<NewModelVersion> = {}): NewModelVersion {
  const source = over.source ?? 's3://b/k';
  return {
    model: 'm',
    source,
    storage: source,
    runId: undefined,
    runLink: '',
    loggedModelId: undefined,
    description: '',
    tags: {},
    at: 50,
    ...over,
  };
}

/** Points an alias to a version, wherever it pointed before. */
export function putAlias(
  store: RegistryStore,
  { model, version, alias }: VersionKey & Pick<AliasMove, 'alias'>,
  { by, at }: ChangedBy,
): Promise<AliasMove | undefined> {
  return store.moveAlias({ model, alias, from: 'any', to: version, by, movedAt: at });
}

export function removeAlias(
  store: RegistryStore,
  { model, alias }: Pick<AliasMove, 'model' | 'alias'>,
  { by, at }: ChangedBy,
): Promise<AliasMove | undefined> {
  return store.moveAlias({ model, alias, from: 'any', to: undefined, by, movedAt: at });
}
