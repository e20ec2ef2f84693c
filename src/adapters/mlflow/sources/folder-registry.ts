import { join } from 'node:path';
import type { SourceModel, SourceVersion } from '../../../exchange/import/source.ts';
import { numberIn, recordOf, someText, textIn } from './fields.ts';
import { foldersIn, metaIn, textsIn } from './folder-files.ts';
import { deletedStage, loggedModelIn } from './enum-values.ts';

/** Reads the folder 'models' beside the experiments, with a folder for each registered model. */
export async function* folderModels(models: string): AsyncGenerator<SourceModel> {
  for (const name of await foldersIn(models)) {
    const folder = join(models, name);
    const meta = await metaIn(folder);
    if (!meta) continue;
    const createdAt = numberIn(meta, 'creation_timestamp') ?? 0;
    const aliases = await textsIn(join(folder, 'aliases'));
    yield {
      name,
      description: textIn(meta, 'description'),
      tags: recordOf(await textsIn(join(folder, 'tags'))),
      aliases: Object.fromEntries(aliases.map(({ key, value }) => [key, Number(value)])),
      createdAt,
      updatedAt: numberIn(meta, 'last_updated_timestamp') ?? createdAt,
    };
  }
}

export async function* folderVersions(models: string, model: string): AsyncGenerator<SourceVersion> {
  for (const name of await foldersIn(join(models, model))) {
    const folder = join(models, model, name);
    const meta = name.startsWith('version-') ? await metaIn(folder) : undefined;
    if (!meta || textIn(meta, 'current_stage') === deletedStage) continue;
    const source = textIn(meta, 'source');
    const createdAt = numberIn(meta, 'creation_timestamp') ?? 0;
    yield {
      model,
      version: numberIn(meta, 'version') ?? 0,
      source,
      storage: someText(meta, 'storage_location'),
      runId: someText(meta, 'run_id'),
      runLink: textIn(meta, 'run_link'),
      loggedModelId: someText(meta, 'model_id') ?? loggedModelIn(source),
      description: textIn(meta, 'description'),
      stage: textIn(meta, 'current_stage') || 'None',
      tags: recordOf(await textsIn(join(folder, 'tags'))),
      createdAt,
      updatedAt: numberIn(meta, 'last_updated_timestamp') ?? createdAt,
      status: textIn(meta, 'status') || 'READY',
      user: textIn(meta, 'user_id'),
    };
  }
}
