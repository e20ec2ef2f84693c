/** A mistake that the compiler found. */
export interface Diagnostic {
  /** As the compiler names it, relative to the folder it ran in; absent for a mistake in its options. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** 'TS2551' */
  readonly code: string;
  /** Its first line. */
  readonly message: string;
}

const located = /^(.+)\((\d+),(\d+)\): error (TS\d+): (.*)$/;
const global = /^error (TS\d+): (.*)$/;

/** The errors in the output of `tsc --pretty false`. The indented lines below an error explain it at length. */
export function parseDiagnostics(output: string): readonly Diagnostic[] {
  return output.split(/\r?\n/).flatMap((text): readonly Diagnostic[] => {
    const [, file, line, column, code = '', message = ''] = located.exec(text) ?? [];
    if (file !== undefined) return [{ file, line: Number(line), column: Number(column), code, message }];
    const [, ofOptions, reason = ''] = global.exec(text) ?? [];
    return ofOptions === undefined ? [] : [{ code: ofOptions, message: reason }];
  });
}

/** The absolute paths that `--listFiles` adds to the output. */
export function parseFiles(output: string): readonly string[] {
  return output
    .split(/\r?\n/)
    .filter((text) => /^(?:\/|[A-Za-z]:[\\/]).*\.(?:[cm]?tsx?|jsx?|json)$/.test(text));
}
