import { text } from 'node:stream/consumers';
import type { BatchView, NewBatchView } from '../api/batch-views.ts';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import type { BatchId } from '../serving/batch/batch.ts';
import { type HousesApp, openHousesApp } from './houses-app.fixture.ts';

/** The app of a project with a live version. */
export async function openTrained(): Promise<HousesApp> {
  const opened = await openHousesApp(housesProject());
  await opened.run({ project: 'houses' });
  return opened;
}

/** A file as it arrives. */
export async function* piecesOf(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

/** Sends a file. */
export const create = (
  { app }: HousesApp,
  content: string | Uint8Array,
  more: { readonly file?: string; readonly start?: boolean } = {},
): Promise<NewBatchView> =>
  app.createBatch({ endpoint: 'house-price', file: 'coming.csv', content: piecesOf(content), ...more });

/** Starts a batch and works on it until it ends. */
export async function finish({ app, batchWorker }: HousesApp, { id }: BatchView): Promise<BatchView> {
  await app.startBatch({ batch: id });
  await batchWorker.perform(id as BatchId);
  return app.getBatch({ batch: id });
}

export async function outputOf({ app }: HousesApp, { id }: BatchView): Promise<string> {
  return text((await app.downloadBatch({ batch: id })).content);
}

/** Two rows with a prediction, and two without. */
export const coming = [
  'street,size,garden',
  '"Mill Lane, 1",80,yes',
  'High Street,-5,no',
  'Short',
  '=cmd|A1,120,true',
  '',
].join('\n');

/** 2,000 rows, of which every seventh has no size. */
export const many = `size,garden\n${Array.from({ length: 2000 }, (_row, index) => `${index % 7 === 0 ? '' : 30 + (index % 200)},${index % 2 === 0}`).join('\n')}\n`;
