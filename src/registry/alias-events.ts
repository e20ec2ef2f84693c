import { openTopic } from '../kernel/events.ts';
import type { AliasChange, RegisteredModel } from './catalogue-model.ts';
import type { ModelCatalogue } from './catalogue.ts';

/** A catalogue that says when an alias has moved through it, so that endpoints follow at once. */
export interface WatchedCatalogue extends ModelCatalogue {
  /** Called after each change of an alias made through this catalogue. @returns what ends the subscription */
  onAliasMoved(listener: (change: AliasChange) => void): () => void;
}

export function watchAliases(catalogue: ModelCatalogue): WatchedCatalogue {
  const moved = openTopic<AliasChange>();
  const told = <Changes extends readonly AliasChange[]>(changes: Changes): Changes => {
    for (const change of changes) moved.publish(change);
    return changes;
  };
  return {
    ...catalogue,
    onAliasMoved: (listener) => moved.subscribe(listener),
    async putAlias(alias, by) {
      const change = await catalogue.putAlias(alias, by);
      told(change ? [change] : []);
      return change;
    },
    async removeAlias(alias, by) {
      const change = await catalogue.removeAlias(alias, by);
      told(change ? [change] : []);
      return change;
    },
    deleteVersion: async (key, by) => told(await catalogue.deleteVersion(key, by)),
    deleteModel: async (name, by) => told(await catalogue.deleteModel(name, by)),
    async renameModel(name, to) {
      const model = await catalogue.renameModel(name, to);
      told(movesOfRename(name, model));
      return model;
    },
  };
}

/** Under the old name each alias is gone, under the new one each is there. The history has no entry of it. */
function movesOfRename(old: string, { name, aliases, updatedAt }: RegisteredModel): readonly AliasChange[] {
  return Object.entries(aliases).flatMap(([alias, version]) => {
    const change = { alias, by: 'renaming', movedAt: updatedAt };
    return [
      { ...change, model: old, from: version, to: undefined },
      { ...change, model: name, from: undefined, to: version },
    ];
  });
}
