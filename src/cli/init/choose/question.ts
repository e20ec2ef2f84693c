import { PlatformError } from '../../../kernel/errors.ts';
import { formatNames } from '../../../kernel/format-names.ts';
import type { StatedType } from '../stated-type.ts';

/** Something that the file leaves open. A person is asked; a script gives the flag. */
export interface Question {
  readonly about: 'target' | 'time' | 'kind' | 'dates' | 'header' | 'badRows' | 'marks';
  /** '--target', or '--dates day=' where the value follows a column. */
  readonly flag: string;
  /** 'Which column is to be predicted?' */
  readonly text: string;
  /** Why the file does not say: 'the last column, "note", holds text'. */
  readonly reason: string;
  /** The likeliest first. */
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  /** As the flag takes it. */
  readonly value: string;
  /** @default the value */
  readonly label?: string;
  /** 'number, 12 to 480'. */
  readonly hint: string;
  /** What it adds to what the caller said of the file. */
  readonly adds?: FileReply;
  /** Whether it ends the conversation: a script has no flag for it. */
  readonly cancels?: boolean;
}

/** What a person says of the cells of a file. */
export interface FileReply {
  readonly missing?: readonly string[];
  readonly types?: ReadonlyMap<string, StatedType>;
  readonly maxBadRows?: number;
}

/** @throws PlatformError CHOICE_NEEDED with the flag and the candidates of each question */
export function refuseUnsure([first, ...others]: readonly Question[]): void {
  if (first) throw new PlatformError('CHOICE_NEEDED', { ...detailOf(first), more: others.map(detailOf) });
}

function detailOf({ flag, reason, candidates }: Question): {
  readonly field: string;
  readonly value: undefined;
  readonly remedy: string;
} {
  const names = formatNames(candidates.filter(({ cancels }) => !cancels).map(formatCandidate));
  return { field: flag, value: undefined, remedy: `must be given, since ${reason}; candidates: ${names}` };
}

/** A flag says what it means; a column and the like speak for themselves. */
function formatCandidate({ value, label }: Candidate): string {
  return label !== undefined && value.startsWith('--') ? `${value} (${label})` : value;
}
