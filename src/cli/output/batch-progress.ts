import type { BatchView } from '../../api/batch-views.ts';
import { formatCount } from '../../kernel/units.ts';
import type { Terminal } from './terminal.ts';

const barWidth = 20;

/** Shows how far a batch is: one line that is redrawn on a terminal, nothing in a log. */
export function showBatch(terminal: Terminal): Disposable & { show(batch: BatchView): void } {
  let isDrawn = false;
  const isLive = terminal.interactive && !terminal.quiet;
  return {
    show(batch) {
      if (!isLive) return;
      isDrawn = true;
      terminal.err(`\r\u001B[2K${progressText(batch).slice(0, terminal.columns - 1)}`);
    },
    [Symbol.dispose]() {
      if (isDrawn) terminal.err('\r\u001B[2K');
    },
  };
}

/** '████░░░░ 300 of 900 rows, 2 refused' */
function progressText({ status, rows: { total, done, refused } }: BatchView): string {
  if (total === null) return status === 'queued' ? 'waits for another batch' : 'counts the rows';
  const filled = total === 0 ? barWidth : Math.round((barWidth * done) / total);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return `${bar} ${formatCount(done)} of ${formatCount(total)} rows${refused > 0 ? `, ${formatCount(refused)} refused` : ''}`;
}
