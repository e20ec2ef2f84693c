import { columnCheck, isRefusal } from '../../data/column-check.ts';
import type { Column } from '../../project/tables/table.ts';
import type { CellColumn } from './cell-columns.ts';

/** A column that also refuses what can be read and breaks the rule of its schema: an enum, a bound, a length, a pattern. */
export function ruledColumn(cells: CellColumn, column: Column): CellColumn {
  if (!hasRule(column)) return cells;
  const check = columnCheck(column);
  return {
    name: cells.name,
    read(scanner, field, row) {
      const reason = cells.read(scanner, field, row);
      if (reason !== undefined) return reason;
      const stored = check(cells.valueAt(row));
      return isRefusal(stored)
        ? `It must be ${stored.expected}: correct it, or widen the column in \`row\`.`
        : undefined;
    },
    valueAt: (row) => cells.valueAt(row),
    take: (rows) => cells.take(rows),
  };
}

function hasRule({ minimum, maximum, above, below, oneOf, pattern, minLength, maxLength }: Column): boolean {
  return [minimum, maximum, above, below, oneOf, pattern, minLength, maxLength].some(
    (rule) => rule !== undefined,
  );
}
