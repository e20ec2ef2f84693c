import { PlatformError } from '../../../kernel/errors.ts';
import type { Draft, Drafted, Wish } from '../draft.ts';
import type { CsvFile } from '../read-csv.ts';
import type { FileReply, Question } from '../choose/question.ts';
import { refuseUnsure } from '../choose/question.ts';
import type { DateFormName } from '../../../sources/csv/date-forms.ts';
import type { TargetKind } from '../choose/kind.ts';
import type { Asker } from './asker.ts';
import { formatFound } from './format-found.ts';
import { targetCandidates } from '../choose/target.ts';

/** What a caller says of the file and the columns. */
export interface Decided extends Wish {
  /** Whether the first line has the names of the columns; found in the file if undefined. */
  readonly header?: boolean | undefined;
  /** Words that mean a missing value, besides the usual ones. */
  readonly missing?: readonly string[] | undefined;
}

export interface Conversation {
  /** Undefined without a terminal and with `--yes`: what is unsure is then an error. */
  readonly asker: Asker | undefined;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly project: string;
  read(decided: Decided): CsvFile;
  draft(csv: CsvFile, decided: Decided): Drafted;
  show(text: string): void;
}

/**
 * Shows what was found and asks what is unsure, until a person agrees.
 * @returns undefined if the person cancels
 * @throws PlatformError CHOICE_NEEDED naming the flags, if something is unsure and nobody can be asked
 */
export async function converse(conversation: Conversation, given: Decided): Promise<Draft | undefined> {
  let decided = given;
  for (;;) {
    const csv = conversation.read(decided);
    refuseHeaderAlone(csv, decided);
    const unsure = headerQuestion(csv, decided);
    if (unsure) {
      const next = await ask(unsure, decided, conversation);
      if (!next) return undefined;
      decided = next;
      continue;
    }
    const drafted = conversation.draft(csv, decided);
    if (drafted.questions) {
      conversation.show(formatFound({ csv, drafted, columns: conversation.columns }));
      const [first] = drafted.questions;
      if (!conversation.asker || !first) {
        refuseUnsure(drafted.questions);
        return undefined;
      }
      const next = await ask(first, decided, conversation);
      if (!next) return undefined;
      decided = next;
      continue;
    }
    const { draft } = drafted;
    conversation.show(formatFound({ csv, drafted, columns: conversation.columns }));
    if (!conversation.asker) return draft;
    const reply = await confirm(conversation.asker, {
      drafted,
      draft,
      decided,
      project: conversation.project,
    });
    if (reply === 'write') return draft;
    if (!reply) return undefined;
    decided = reply;
  }
}

/** One line can be names or data, but without others there is nothing to learn from. */
function refuseHeaderAlone(csv: CsvFile, { header }: Decided): void {
  if (!csv.format.header || header !== undefined) return;
  for (const _ of csv.records()) return;
  if (csv.faults().length > 0) return;
  throw new PlatformError('DATA_INVALID', {
    field: csv.file,
    value: 'a header alone',
    remedy: 'The file has no lines below its first one: add a line for each example.',
  });
}

function headerQuestion(csv: CsvFile, { header }: Decided): Question | undefined {
  const guess = csv.guesses.find(({ option, unsure }) => option === 'header' && unsure);
  if (!guess || header !== undefined) return undefined;
  const { format } = csv;
  const candidates = [
    { value: '--no-header', label: 'data', hint: 'the columns are called column1, column2, …' },
    { value: '--with-header', label: 'names of the columns', hint: 'the data begins on the next line' },
  ];
  return {
    about: 'header',
    flag: '--no-header or --with-header',
    text: 'What is in the first line?',
    reason: guess.message.replace(/\.$/, '').replace(/^./, (letter) => letter.toLowerCase()),
    candidates: format.header ? candidates.toReversed() : candidates,
  };
}

async function ask(
  question: Question,
  decided: Decided,
  { asker }: Conversation,
): Promise<Decided | undefined> {
  if (!asker) {
    refuseUnsure([question]);
    return undefined;
  }
  const value = await asker.one(question);
  const candidate = question.candidates.find((each) => each.value === value);
  if (value === undefined || candidate?.cancels) return undefined;
  return candidate?.adds ? withAdded(candidate.adds, decided) : withReply(question, value, decided);
}

function withAdded({ missing = [], types = new Map(), maxBadRows }: FileReply, decided: Decided): Decided {
  return {
    ...decided,
    missing: [...(decided.missing ?? []), ...missing],
    types: new Map([...(decided.types ?? []), ...types]),
    ...(maxBadRows !== undefined && { maxBadRows: Math.max(maxBadRows, decided.maxBadRows ?? 0) }),
  };
}

function withReply({ about }: Question, value: string, decided: Decided): Decided {
  switch (about) {
    case 'header':
      return { ...decided, header: value === '--with-header' };
    case 'target':
      return { ...decided, target: value };
    case 'time':
      return { ...decided, time: value };
    case 'kind':
      return { ...decided, targetKind: value as TargetKind };
    case 'dates': {
      const at = value.lastIndexOf('=');
      const dates = new Map(decided.dates);
      return { ...decided, dates: dates.set(value.slice(0, at), value.slice(at + 1) as DateFormName) };
    }
    case 'badRows':
    case 'marks':
      return decided;
  }
}

interface Agreement {
  readonly drafted: Drafted;
  readonly draft: Draft;
  readonly decided: Decided;
  readonly project: string;
}

async function confirm(
  asker: Asker,
  { drafted, draft, decided, project }: Agreement,
): Promise<'write' | Decided | undefined> {
  const isModel = draft.kind !== 'forecast';
  const leftOut = isModel
    ? draft.leaks
        .flatMap(({ derived }) => derived)
        .filter((column) => !draft.features.includes(column))
        .map(({ name }) => name)
    : [];
  const reply = await asker.one({
    text: `Write the project into ${project}/?`,
    candidates: [
      { value: 'write', label: 'Write it', hint: '' },
      { value: 'target', label: 'Predict another column', hint: '' },
      ...(isModel ? [{ value: 'without', label: 'Leave columns out', hint: '' }] : []),
      ...(leftOut.length > 0
        ? [
            {
              value: 'with',
              label: `Use ${leftOut.join(', ')} all the same`,
              hint: 'known before the target',
            },
          ]
        : []),
      { value: 'cancel', label: 'Cancel', hint: 'nothing is written' },
    ],
  });
  if (reply === 'write') return 'write';
  const without = decided.without ?? [];
  if (reply === 'with') return { ...decided, with: [...(decided.with ?? []), ...leftOut] };
  if (reply === 'target') {
    const target = await asker.one({
      text: 'Which column is to be predicted?',
      candidates: targetCandidates(drafted.table.columns),
    });
    return target === undefined
      ? undefined
      : {
          ...decided,
          target,
          targetKind: undefined,
          without: without.filter((name) => name !== target),
          with: decided.with?.filter((name) => name !== target),
        };
  }
  if (reply === 'without' && isModel) {
    const names = await asker.many({
      text: 'Which columns are no features?',
      candidates: draft.features.map(({ name }) => ({ value: name, hint: '' })),
    });
    return (
      names && {
        ...decided,
        without: [...without, ...names],
        with: decided.with?.filter((name) => !names.includes(name)),
      }
    );
  }
  return undefined;
}
