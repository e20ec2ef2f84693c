import { openTopic } from '../kernel/events.ts';
import type { AliasMove, RegisteredModel } from './model.ts';
import type { RegistryStore } from './store.ts';

/** A registry that says what changed through it: endpoints follow an alias at once, webhooks are delivered at once. */
export interface NotifyingRegistry extends RegistryStore {
  /** Called after each move of an alias. @returns what ends the subscription */
  onAliasMoved(listener: (move: AliasMove) => void): () => void;
  /** Called after each change that may have queued an event for webhooks. @returns what ends the subscription */
  onEventQueued(listener: () => void): () => void;
}

/** Every process that writes to the registry does so through one of these, so that nobody misses a change. */
export function notifyingRegistry(registry: RegistryStore): NotifyingRegistry {
  const moved = openTopic<AliasMove>();
  const queued = openTopic<void>();

  /** Publishes what a change did once the database has it. */
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
    deleteVersion: (key, by) => notify(registry.deleteVersion(key, by), (moves) => moves),
    setTag: (tag, value, at) => notify(registry.setTag(tag, value, at)),
    deleteTag: (tag, at) => notify(registry.deleteTag(tag, at)),
    moveAlias: (move) => notify(registry.moveAlias(move), (made) => [made]),
    decide: (verdict, move) => notify(registry.decide(verdict, move), () => [move]),
  };
}

/** The alias is gone under the old name and new under the new one. The history has no entry of it. */
function movesOfRename(old: string, { name, aliases, updatedAt }: RegisteredModel): readonly AliasMove[] {
  return Object.entries(aliases).flatMap(([alias, version]) => {
    const move = { alias, by: 'renaming', movedAt: updatedAt };
    return [
      { ...move, model: old, from: version, to: undefined },
      { ...move, model: name, from: undefined, to: version },
    ];
  });
}
