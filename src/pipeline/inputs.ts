import { asFiles, asTable, type FilesDataset, type TableDataset } from '../data/dataset.ts';
import type { OperationContext } from './operation.ts';

type Context = Pick<OperationContext, 'input'>;

/** An input that is a table. @throws PlatformError INTERNAL for another kind */
export async function inputTable({ input }: Context, name: string): Promise<TableDataset> {
  return asTable(await input(name), `input ${name}`);
}

/** An input that is a set of files. @throws PlatformError INTERNAL for another kind */
export async function inputFiles({ input }: Context, name: string): Promise<FilesDataset> {
  return asFiles(await input(name), `input ${name}`);
}
