import type { NewCatalogueVersion, NewModel } from './catalogue-model.ts';
import type { ModelCatalogue } from './catalogue.ts';
import type { RegistryStore } from './store.ts';

/** A catalogue that is empty, and gone when disposed of, with the pipeline's view of the same rows. */
export interface OpenCatalogue extends AsyncDisposable {
  readonly store: ModelCatalogue;
  readonly pipeline: RegistryStore;
}

/** A model 'm' as a client makes it. */
export function newModel(over: Partial<NewModel> = {}): NewModel {
  return { name: 'm', description: '', tags: {}, at: 10, ...over };
}

/** A version of it, whose files lie in a bucket. */
export function newVersion(over: Partial<NewCatalogueVersion> = {}): NewCatalogueVersion {
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
