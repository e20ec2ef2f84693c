import { widthOf } from '../../output/terminal.ts';
import type { Asker, Choice } from './asker.ts';

const mostShown = 10;

/** Asks with @clack/prompts, on standard error: standard output is for the result. */
export async function clackAsker(): Promise<Asker> {
  const clack = await import('@clack/prompts');
  const output = process.stderr;
  // Prompts wrap at the width that the stream states.
  for (const stream of [output, process.stdout]) if (stream.columns === 0) stream.columns = widthOf(stream);
  const common = ({
    text,
    reason,
    candidates,
  }: Choice): {
    readonly message: string;
    readonly options: { value: string; label: string; hint: string }[];
    readonly maxItems: number;
    readonly output: NodeJS.WriteStream;
  } => ({
    message: reason === undefined ? text : `${text}\n(${reason})`,
    options: candidates.map(({ value, label = value, hint }) => ({ value, label, hint })),
    maxItems: mostShown,
    output,
  });
  return {
    show: (text) => void output.write(`${text}\n\n`),
    async one(choice) {
      const value = await clack.select<string>(common(choice));
      return clack.isCancel(value) ? undefined : value;
    },
    async many(choice) {
      const values = await clack.multiselect<string>({ ...common(choice), required: false });
      return clack.isCancel(values) ? undefined : values;
    },
  };
}
