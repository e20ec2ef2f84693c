import type { Draft, Drafted, Wish } from '../draft.ts';
import type { CsvFile } from '../read-csv.ts';
import type { Question } from '../choose/question.ts';
import { refuseUnsure } from '../choose/question.ts';
import type { DateFormName } from '../../../sources/csv/date-forms.ts';
import type { TargetKind } from '../choose/kind.ts';
import type { Asker } from './asker.ts';
import { formatFound } from './format-found.ts';
import { targetCandidates } from '../choose/target.ts';

/** What a caller says of the file and the columns. */
export interface Answers extends Wish {
  /** Whether the first line has the names of the columns; found in the file if undefined. */
  readonly header?: boolean | undefined;
}

export interface Conversation {
  /** Undefined without a terminal and with `--yes`: what is unsure is then an error. */
  readonly asker: Asker | undefined;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly project: string;
  read(answers: Answers): CsvFile;
  draft(csv: CsvFile, answers: Answers): Drafted;
  show(text: string): void;
}

/**
 * Shows what was found and asks what is unsure, until a person agrees.
 * @returns undefined if the person cancels
 * @throws PlatformError CONFIG_INVALID naming the flags, if something is unsure and nobody can be asked
 */
export async function converse(conversation: Conversation, given: Answers): Promise<Draft | undefined> {
  let answers = given;
  for (;;) {
    const csv = conversation.read(answers);
    const unsure = headerQuestion(csv, answers);
    if (unsure) {
      const next = await ask(unsure, answers, conversation);
      if (!next) return undefined;
      answers = next;
      continue;
    }
    const drafted = conversation.draft(csv, answers);
    if (drafted.questions) {
      conversation.show(formatFound({ csv, drafted, columns: conversation.columns }));
      const [first] = drafted.questions;
      if (!conversation.asker || !first) {
        refuseUnsure(drafted.questions);
        return undefined;
      }
      const next = await ask(first, answers, conversation);
      if (!next) return undefined;
      answers = next;
      continue;
    }
    const { draft } = drafted;
    conversation.show(formatFound({ csv, drafted, columns: conversation.columns }));
    if (!conversation.asker) return draft;
    const reply = await confirm(conversation.asker, {
      drafted,
      draft,
      answers,
      project: conversation.project,
    });
    if (reply === 'write') return draft;
    if (!reply) return undefined;
    answers = reply;
  }
}

function headerQuestion(csv: CsvFile, { header }: Answers): Question | undefined {
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
  answers: Answers,
  { asker }: Conversation,
): Promise<Answers | undefined> {
  if (!asker) {
    refuseUnsure([question]);
    return undefined;
  }
  const value = await asker.one(question);
  return value === undefined ? undefined : answered(question, value, answers);
}

function answered({ about }: Question, value: string, answers: Answers): Answers {
  switch (about) {
    case 'header':
      return { ...answers, header: value === '--with-header' };
    case 'target':
      return { ...answers, target: value };
    case 'kind':
      return { ...answers, targetKind: value as TargetKind };
    case 'dates': {
      const at = value.lastIndexOf('=');
      const dates = new Map(answers.dates);
      return { ...answers, dates: dates.set(value.slice(0, at), value.slice(at + 1) as DateFormName) };
    }
  }
}

interface Agreement {
  readonly drafted: Drafted;
  readonly draft: Draft;
  readonly answers: Answers;
  readonly project: string;
}

async function confirm(
  asker: Asker,
  { drafted, draft, answers, project }: Agreement,
): Promise<'write' | Answers | undefined> {
  const isModel = draft.kind !== 'forecast';
  const leaking = isModel ? draft.leaks.flatMap(({ columns }) => columns.map(({ name }) => name)) : [];
  const reply = await asker.one({
    text: `Write the project into ${project}/?`,
    candidates: [
      ...(leaking.length > 0
        ? [
            {
              value: 'leaks',
              label: `Leave out ${leaking.join(', ')}, and look again`,
              hint: 'they give the target away',
            },
          ]
        : []),
      { value: 'write', label: 'Write it', hint: '' },
      { value: 'target', label: 'Predict another column', hint: '' },
      ...(isModel ? [{ value: 'without', label: 'Leave columns out', hint: '' }] : []),
      { value: 'cancel', label: 'Cancel', hint: 'nothing is written' },
    ],
  });
  if (reply === 'write') return 'write';
  const without = answers.without ?? [];
  if (reply === 'leaks') return { ...answers, without: [...without, ...leaking] };
  if (reply === 'target') {
    const target = await asker.one({
      text: 'Which column is to be predicted?',
      candidates: targetCandidates(drafted.table.columns),
    });
    return target === undefined
      ? undefined
      : { ...answers, target, targetKind: undefined, without: without.filter((name) => name !== target) };
  }
  if (reply === 'without' && isModel) {
    const names = await asker.many({
      text: 'Which columns are no features?',
      candidates: draft.features.map(({ name }) => ({ value: name, hint: '' })),
    });
    return names && { ...answers, without: [...without, ...names] };
  }
  return undefined;
}
