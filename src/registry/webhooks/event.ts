import { type NewModelVersion, type NewModel, promptTag, promptTextTag, promptTypeTag } from '../model.ts';
import type { WebhookEvent } from './model.ts';

type Tags = Readonly<Record<string, string>>;

/** A model was registered. `data` has the members that MLflow's own receivers read. */
export function modelCreated(
  { name, tags, description }: Omit<NewModel, 'at'>,
  isPrompt: boolean,
): WebhookEvent {
  return {
    entity: isPrompt ? 'PROMPT' : 'REGISTERED_MODEL',
    action: 'CREATED',
    data: { name, tags: isPrompt ? ownTags(tags) : tags, description },
  };
}

/** @param version its number as a text, as MLflow writes it */
export function versionCreated(
  created: Pick<NewModelVersion, 'model' | 'source' | 'runId' | 'tags' | 'description'>,
  version: string,
  isPrompt: boolean,
): WebhookEvent {
  const { model: name, source, runId, tags } = created;
  const run_id = runId ?? null;
  const description = created.description || null;
  return isPrompt
    ? {
        entity: 'PROMPT_VERSION',
        action: 'CREATED',
        data: { name, version, template: tags[promptTextTag] ?? null, tags: ownTags(tags), description },
      }
    : {
        entity: 'MODEL_VERSION',
        action: 'CREATED',
        data: { name, version, source, run_id, tags, description },
      };
}

/** Without the tags that mark a prompt. */
function ownTags(tags: Tags): Tags {
  const marks: readonly string[] = [promptTag, promptTypeTag, promptTextTag];
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !marks.includes(key)));
}

export interface TagChange {
  readonly model: string;
  readonly version?: number;
  readonly key: string;
  /** Absent when it was deleted. */
  readonly value?: string;
}

/** A tag was set or deleted. MLflow has no event for the tags of a plain model. */
export function tagChanged(
  { model, version, key, value }: TagChange,
  isPrompt: boolean,
): WebhookEvent | undefined {
  const action = value === undefined ? 'DELETED' : 'SET';
  const data = {
    name: model,
    ...(version !== undefined && { version: String(version) }),
    key,
    ...(value !== undefined && { value }),
  };
  if (version !== undefined)
    return { entity: isPrompt ? 'PROMPT_VERSION_TAG' : 'MODEL_VERSION_TAG', action, data };
  return isPrompt ? { entity: 'PROMPT_TAG', action, data } : undefined;
}

export interface AliasPointer {
  readonly model: string;
  readonly alias: string;
  /** Absent if it was removed. */
  readonly to: number | undefined;
}

export function aliasChanged({ model, alias, to }: AliasPointer, isPrompt: boolean): WebhookEvent {
  return {
    entity: isPrompt ? 'PROMPT_ALIAS' : 'MODEL_VERSION_ALIAS',
    action: to === undefined ? 'DELETED' : 'CREATED',
    data: { name: model, alias, ...(to !== undefined && { version: String(to) }) },
  };
}
