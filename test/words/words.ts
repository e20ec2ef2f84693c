import { type BarredPhrase, type BarredWord, barredPhrases, barredWords } from './barred.ts';

export interface SourceFile {
  /** From the root of the repository, with '/' on every system. */
  readonly path: string;
  readonly text: string;
}

export interface Finding {
  readonly path: string;
  readonly word: string;
  readonly instead: string;
}

const commentOrText = /\/\*.*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/gs;

/** The identifiers of a source, each as often as it occurs. */
export function identifiersIn(text: string): readonly string[] {
  return text.replaceAll(commentOrText, ' ').match(/[A-Za-z_$][\w$]*/g) ?? [];
}

/** 'run', 'id' and 'of' of 'runIdOf', 'mlflow' and 'url' of 'MLFLOW_URL'. */
export function partsOf(identifier: string): readonly string[] {
  return (identifier.match(/[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])/g) ?? []).map((part) => part.toLowerCase());
}

/** The barred words and phrases of a file: of its name, its identifiers and its prose. */
export function findingsIn({ path, text }: SourceFile): readonly Finding[] {
  const isSource = /\.tsx?$/.test(path);
  const names = isSource ? [...identifiersIn(text), ...fileNameParts(path)] : [];
  return [
    ...names.flatMap((name) => barredIn(name, path).map(named)),
    ...barredPhrases.flatMap((barred) => phrasesIn(text, barred)),
  ].map((finding) => ({ path, ...finding }));
}

function fileNameParts(path: string): readonly string[] {
  const [name = ''] = path.split('/').slice(-1);
  return name.split('.')[0]?.split('-') ?? [];
}

const barredByName = new Map<string, readonly BarredWord[]>();

function barredIn(name: string, path: string): readonly BarredWord[] {
  const found = barredByName.get(name) ?? barredWords.filter((barred) => isBarred(name, barred));
  barredByName.set(name, found);
  return found.filter(({ under = '' }) => path.startsWith(under));
}

function isBarred(name: string, { word, whole = false, allowed = [] }: BarredWord): boolean {
  if (allowed.includes(name)) return false;
  return whole ? name === word : partsOf(name).includes(word);
}

function named({ word, instead }: BarredWord): Omit<Finding, 'path'> {
  return { word, instead };
}

function phrasesIn(text: string, { phrase, instead }: BarredPhrase): readonly Omit<Finding, 'path'>[] {
  return [...text.matchAll(phrase)].map(([found]) => ({ word: found.toLowerCase(), instead }));
}
