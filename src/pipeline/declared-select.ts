import { describeSelect, type Select, SelectFault, type SelectTables } from '../data/sql/select.ts';
import type { TableSchema } from '../project/tables/table.ts';
import { DeclarationFault } from './declaration-fault.ts';

interface DeclaredSelect {
  readonly select: Select;
  readonly tables: SelectTables;
  /** The columns that it must have. @default any columns */
  readonly out?: TableSchema;
}

/**
 * The SELECT of a declaration in one style.
 * @param owner whose it is, for the fault: 'sql matchups'
 * @throws DeclarationFault for a SELECT that cannot be run, or has other columns
 */
export async function declaredSelect(
  owner: string,
  { select, tables, out }: DeclaredSelect,
): Promise<string> {
  const { text, faults } = await describeSelect(select, tables, out).catch((cause: unknown) => {
    if (!(cause instanceof SelectFault)) throw cause;
    throw new DeclarationFault([faultText(owner, cause.message)], { cause });
  });
  const [first, ...others] = faults.map((fault) => faultText(owner, fault));
  if (first !== undefined) throw new DeclarationFault([first, ...others]);
  return text;
}

/** 'sql matchups, line 1, column 8: there is no column "gamId"' */
function faultText(owner: string, message: string): string {
  return message.startsWith('line ') ? `${owner}, ${message}` : `${owner}: ${message}`;
}
