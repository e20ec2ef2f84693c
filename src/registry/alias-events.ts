import { openTopic } from '../kernel/events.ts';
import type { AliasChange } from './catalogue-model.ts';
import type { ModelCatalogue } from './catalogue.ts';

/** A catalogue that says when an alias has moved through it, so that endpoints follow at once. */
export interface WatchedCatalogue extends ModelCatalogue {
  /** Called after each change of an alias made through this catalogue. @returns what ends the subscription */
  onAliasMoved(listener: (change: AliasChange) => void): () => void;
}

export function watchAliases(catalogue: ModelCatalogue): WatchedCatalogue {
  const moved = openTopic<AliasChange>();
  const told = (change: AliasChange | undefined): AliasChange | undefined => {
    if (change) moved.publish(change);
    return change;
  };
  return {
    ...catalogue,
    onAliasMoved: (listener) => moved.subscribe(listener),
    putAlias: async (alias, by) => told(await catalogue.putAlias(alias, by)),
    removeAlias: async (alias, by) => told(await catalogue.removeAlias(alias, by)),
    async deleteVersion(key, by) {
      const changes = await catalogue.deleteVersion(key, by);
      for (const change of changes) told(change);
      return changes;
    },
  };
}
