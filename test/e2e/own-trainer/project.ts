import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { edit, writeHouses } from '../houses.ts';
import { repository, temporaryFolder, type TemporaryFolder } from '../product.ts';

/** The houses with a trainer of their own. */
export async function linearHouses(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await writeHouses(folder.path, 300);
  await copyFile(join(repository, 'test/e2e/own-trainer/linear.ts'), join(folder.path, 'linear.ts'));
  const config = join(folder.path, 'modelyard.config.ts');
  await edit(config, 'boostedTrees, ', '');
  await edit(config, 'import { keepSound }', "import { linear } from './linear.ts';\nimport { keepSound }");
  await edit(config, 'boostedTrees({ trees: 20, depth: 3, minLeafRows: 5 })', 'linear({ steps: 3000 })');
  return folder;
}
