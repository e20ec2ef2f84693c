import { openTopic } from '../kernel/events.ts';
import type { AliasMove, RegisteredModel } from './model.ts';
import type { RegistryStore } from './store.ts';

/** A registry that publishes its changes: endpoints follow an alias at once, webhooks are delivered at once. */
export interface NotifyingRegistry extends RegistryStore {
  /** Called after each move of an alias. @returns a function that ends the subscription */
  onAliasMoved(listener: (move: AliasMove) => void): () => void;
  /** Called after each change that may have queued a webhook event. @returns a function that ends the subscription */
  onEventQueued(listener: () => void): () => void;
}

/** Every process that writes to the registry must use one of these; otherwise listeners miss changes. */
export function notifyingRegistry(registry: RegistryStore): NotifyingRegistry {
  const moved = openTopic<AliasMove>();
  const queued = openTopic<void>();

  /** Publishes a change after the database has committed it. */
  const notify = async <Result>(
    change: Promise<Result>,
    movesOf: (result: Result) => readonly (AliasMove | undefined)[] = () => [],
  ): Promise<Result> => {
    const result = await change;
    for (const move of movesOf(result)) if (move) moved.publish(move);
    queued.publish();
    return result;
  };

  return {
    ...registry,
    onAliasMoved: (listener) => moved.subscribe(listener),
    onEventQueued: (listener) => queued.subscribe(listener),
    createModel: (model) => notify(registry.createModel(model)),
    renameModel: (name, to) =>
      notify(registry.renameModel(name, to), (renamed) => movesOfRename(name, renamed)),
    deleteModel: (name, by) => notify(registry.deleteModel(name, by), (moves) => moves),
    createVersion: (version) => notify(registry.createVersion(version)),
    register: (version) => notify(registry.register(version)),
    adopt: (adoption) => notify(registry.adopt(adoption)),
    deleteVersion: (key, by) => notify(registry.deleteVersion(key, by), (moves) => moves),
    setTag: (tag, value, at) => notify(registry.setTag(tag, value, at)),
    deleteTag: (tag, at) => notify(registry.deleteTag(tag, at)),
    moveAlias: (move) => notify(registry.moveAlias(move), (moved) => [moved]),
    decide: (verdict, move) => notify(registry.decide(verdict, move), () => [move]),
  };
}

/** Under the old name the alias is removed, under the new one it is set. The history has no entry for it. */
function movesOfRename(old: string, { name, aliases, updatedAt }: RegisteredModel): readonly AliasMove[] {
  return Object.entries(aliases).flatMap(([alias, version]) => {
    const move = { alias, by: 'renaming', movedAt: updatedAt };
    return [
      { ...move, model: old, from: version, to: undefined },
      { ...move, model: name, from: undefined, to: version },
    ];
  });
}
