import type { ModelCatalogue } from '../catalogue.ts';

/** A catalogue that wakes whoever delivers webhooks after each change that they wait for, so that they hear it at once. */
export function wakingCatalogue(catalogue: ModelCatalogue, wake: () => void): ModelCatalogue {
  const waking = async <Result>(change: Promise<Result>): Promise<Result> => {
    const result = await change;
    wake();
    return result;
  };
  return {
    ...catalogue,
    createModel: (model) => waking(catalogue.createModel(model)),
    createVersion: (version) => waking(catalogue.createVersion(version)),
    deleteVersion: (key, by) => waking(catalogue.deleteVersion(key, by)),
    setTag: (tag, value, at) => waking(catalogue.setTag(tag, value, at)),
    deleteTag: (tag, at) => waking(catalogue.deleteTag(tag, at)),
    putAlias: (alias, by) => waking(catalogue.putAlias(alias, by)),
    removeAlias: (alias, by) => waking(catalogue.removeAlias(alias, by)),
  };
}
