import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BatchView, NewBatchView } from '../../api/batch-views.ts';
import { formatNames } from '../../kernel/format-names.ts';
import { PlatformError, platformError } from '../../kernel/errors.ts';
import { fileBytes } from '../../kernel/file-bytes.ts';
import { systemCode } from '../../kernel/system-code.ts';
import { formatCount } from '../../kernel/units.ts';
import type { CommandContext } from '../command-context.ts';
import type { Connection } from '../connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { AskedInput } from '../reading-options.ts';
import { showBatch } from '../output/batch-progress.ts';
import { paint } from '../output/terminal.ts';

interface PredictFile {
  readonly endpoint: string;
  /** A path, or '-' for standard input. */
  readonly csv: string;
  /** A path, or '-' for standard output. */
  readonly out: string;
  /** How the file is written, where the caller says. */
  readonly reading: AskedInput;
}

/** Predicts every row of a CSV file and writes the rows with their predictions. */
export async function predictFile(
  { endpoint, csv, out, reading }: PredictFile,
  context: CommandContext,
): Promise<ExitCode> {
  if (context.json && out === '-') throw needsOut();
  const { terminal } = context;
  const say = (text: string): void => {
    if (!terminal.quiet) terminal.err(`${text}\n`);
  };
  await using output = await openOutput(out);
  await using connection = await context.connect();
  const { operations } = connection;
  const file = csv === '-' ? 'stdin.csv' : basename(csv);
  const stored = await operations.createBatch({ endpoint, file, content: contentOf(csv), ...reading });
  for (const line of columnLines(stored)) say(line);
  const ended = await finish(await operations.startBatch({ batch: stored.id }), connection, context);
  if (ended.error) throw platformError(ended.error);
  if (ended.status !== 'finished') {
    say(`The batch was cancelled after ${formatCount(ended.rows.done)} rows. Its id is ${ended.id}.`);
    return 1;
  }
  const { content } = await operations.downloadBatch({ batch: ended.id });
  await output.write(content);
  say(endLine(ended, out));
  for (const { message } of ended.warnings) say(`${paint('warning:', 'yellow', terminal)} ${message}`);
  if (context.json) context.result(ended, () => '');
  const { done, refused } = ended.rows;
  return done > 0 && refused === done ? 1 : 0;
}

async function finish(
  batch: BatchView,
  connection: Connection,
  { terminal }: CommandContext,
): Promise<BatchView> {
  using progress = showBatch(terminal);
  return connection.finishBatch(batch, (seen) => progress.show(seen));
}

function contentOf(path: string): AsyncIterable<Uint8Array> {
  return path === '-' ? process.stdin : fileContent(path);
}

async function* fileContent(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* fileBytes(path);
  } catch (cause) {
    throw new PlatformError(
      'INPUT_INVALID',
      {
        field: '--csv',
        value: path,
        remedy: `must be a file that can be read (${systemCode(cause) ?? 'no reason given'}), or - for standard input`,
      },
      { cause },
    );
  }
}

interface Output extends AsyncDisposable {
  write(content: AsyncIterable<Uint8Array>): Promise<void>;
}

/** The file at `out` is replaced once all is there. It is opened first, so that no job is done for a folder that does not exist. */
async function openOutput(out: string): Promise<Output> {
  if (out === '-')
    return {
      write: (content) => pipeline(streamOf(content), process.stdout, { end: false }),
      async [Symbol.asyncDispose]() {},
    };
  const temporary = `${out}.${randomUUID().slice(0, 8)}.part`;
  const writing = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (cause) {
      const code = systemCode(cause);
      if (code === undefined) throw cause;
      const remedy = `must be a file that can be written (${code})`;
      throw new PlatformError('INPUT_INVALID', { field: '--out', value: out, remedy }, { cause });
    }
  };
  const file = await writing(() => open(temporary, 'wx'));
  return {
    write: (content) =>
      writing(async () => {
        await pipeline(streamOf(content), file.createWriteStream());
        await rename(temporary, out);
      }),
    async [Symbol.asyncDispose]() {
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}

function streamOf(content: AsyncIterable<Uint8Array>): Readable {
  return Readable.from(content, { objectMode: false });
}

function columnLines({ matched, ignored, absent, reading, model, version }: NewBatchView): readonly string[] {
  const renamed = matched.map(({ field, column }) => (field === column ? field : `${field} (${column})`));
  return [
    `${model} v${version} predicts from the columns ${formatNames(renamed)}`,
    ...(ignored.length > 0 ? [`not used: ${formatNames(ignored)}`] : []),
    ...(absent.length > 0 ? [`optional and not in the file: ${formatNames(absent)}`] : []),
    ...reading,
  ];
}

/** '1,000 rows: 998 predicted, 2 refused (see the column error), written to scored.csv' */
function endLine({ rows: { done, refused } }: BatchView, out: string): string {
  const refusals = refused > 0 ? `, ${formatCount(refused)} refused (see the column "error")` : '';
  const where = out === '-' ? '' : `, written to ${out}`;
  return `${formatCount(done)} ${done === 1 ? 'row' : 'rows'}: ${formatCount(done - refused)} predicted${refusals}${where}`;
}

function needsOut(): PlatformError {
  const remedy = 'Name a file with --out: with --json, standard output has the JSON document.';
  return new PlatformError('CONFIG_INVALID', { field: '--json', value: '--csv', remedy });
}
