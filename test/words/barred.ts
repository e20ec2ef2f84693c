/** A word of an identifier, and the word of the field that replaces it. */
export interface BarredWord {
  readonly word: string;
  readonly instead: string;
  /** Only where the file starts with this path. @default everywhere */
  readonly under?: string;
  /** Only as the whole identifier: as a part it is plain English. @default false */
  readonly whole?: boolean;
  /** Identifiers that may have it. */
  readonly allowed?: readonly string[];
}

/** A phrase of comments, messages, pages and docs. */
export interface BarredPhrase {
  readonly phrase: RegExp;
  readonly instead: string;
}

const runSearch = 'src/adapters/sql/tracking/';

export const barredWords: readonly BarredWord[] = [
  { word: 'place', instead: 'index, position or location', allowed: ['inPlace'] },
  { word: 'places', instead: 'indexes, positions or locations' },
  { word: 'answer', instead: 'rows, response or prediction' },
  { word: 'answers', instead: 'rows, responses or predictions' },
  { word: 'answered', instead: 'rows, response or prediction' },
  // A team plays at home, and a household has one.
  { word: 'home', instead: 'experiment', allowed: ['HOME', 'homedir'], under: 'src/' },
  { word: 'homes', instead: 'experiments', under: 'src/' },
  { word: 'words', instead: 'format…, summary or args' },
  { word: 'happening', instead: 'event' },
  { word: 'happenings', instead: 'events' },
  { word: 'counterpart', instead: 'remote id' },
  { word: 'counterparts', instead: 'remote ids' },
  { word: 'lane', instead: 'stream' },
  { word: 'lanes', instead: 'streams, or mapConcurrent' },
  { word: 'inParallel', instead: 'mapConcurrent', whole: true },
  { word: 'fitting', instead: 'value limits', under: 'src/exchange/' },
  { word: 'waking', instead: 'notifying' },
  { word: 'catalogue', instead: 'model registry' },
  { word: 'noted', instead: 'mirrored' },
  { word: 'walk', instead: 'index scan', under: runSearch },
  { word: 'walks', instead: 'index scans', under: runSearch },
  { word: 'segments', instead: 'scan ranges', under: runSearch },
  { word: 'ranks', instead: 'sort index', under: runSearch },
  { word: 'bookmark', instead: 'page cursor' },
  { word: 'bookmarks', instead: 'page cursors' },
  { word: 'settled', instead: 'fitted params', allowed: ['allSettled', 'onSettled', 'PromiseSettledResult'] },
  { word: 'carryOut', instead: 'executeTask', whole: true },
  { word: 'going', instead: 'run context', whole: true },
  { word: 'taking', instead: 'semaphore', whole: true },
  { word: 'takeTurn', instead: 'acquire', whole: true },
  { word: 'giveBack', instead: 'release', whole: true },
  { word: 'openDoor', instead: 'allowAnonymous', whole: true },
  { word: 'goesOn', instead: 'isRunning or addRow', whole: true },
  { word: 'heir', instead: 'next version' },
  { word: 'heirs', instead: 'next versions' },
  { word: 'sighted', instead: 'found' },
  { word: 'lull', instead: 'outage' },
  { word: 'doubts', instead: 'uncertain' },
  { word: 'resting', instead: 'backing off' },
  { word: 'said', instead: 'format…, output or message' },
  { word: 'tell', instead: 'notify or report' },
  { word: 'tells', instead: 'notifies or reports' },
  { word: 'told', instead: 'notified or reported' },
  { word: 'judgement', instead: 'verdict' },
  { word: 'judgements', instead: 'verdicts' },
  { word: 'contest', instead: 'promotion metric' },
  { word: 'contests', instead: 'promotion metrics' },
  { word: 'engine', instead: 'trainer', under: 'src/training/' },
  { word: 'engines', instead: 'trainers', under: 'src/training/' },
  { word: 'engine', instead: 'trainer', under: 'src/lifecycle/' },
  { word: 'shown', instead: 'the noun that is meant', whole: true },
  { word: 'known', instead: 'the noun that is meant', whole: true },
  { word: 'wanted', instead: 'the noun that is meant', whole: true },
  { word: 'made', instead: 'the noun that is meant', whole: true },
  { word: 'own', instead: 'the noun that is meant', whole: true },
];

export const barredPhrases: readonly BarredPhrase[] = [
  { phrase: /\bwhoever\b/gi, instead: 'name who it is' },
  { phrase: /\bis none\b/gi, instead: 'say what it is: invalid, missing, empty' },
  { phrase: /\bgoes on\b/gi, instead: 'continues, or is running' },
  { phrase: /\bwhat is kept\b/gi, instead: 'name what is stored' },
  { phrase: /\bstands? here\b/gi, instead: 'appears here' },
  { phrase: /\bit was nowhere before\b/gi, instead: '(was unset)' },
  { phrase: /\bin 100 between\b/gi, instead: '80% interval 210–260' },
  { phrase: /\bwhen nothing is known\b/gi, instead: 'baseline' },
  { phrase: /\bnot as it was\b/gi, instead: 'changed' },
  { phrase: /\bask (?:it |again )?in parts\b/gi, instead: 'split the request' },
  { phrase: /\bask again in\b/gi, instead: 'retry in' },
  { phrase: /\bare all that (?:they|it) need/gi, instead: 'You need …' },
  { phrase: /\bcomes whole\b/gi, instead: 'is copied in full' },
  { phrase: /\bstops in order\b/gi, instead: 'shuts down cleanly' },
  { phrase: /\bjudgements?\b/gi, instead: 'verdict' },
];
