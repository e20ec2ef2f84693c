import type { ReactNode } from 'react';
import { formatDuration, type LineageTask } from '../../../src/client/index.ts';
import { Digest } from '../shell/parts.tsx';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';

/** The tasks that led to the version, the latest first. */
export function Steps({ tasks }: { readonly tasks: readonly LineageTask[] }): ReactNode {
  return (
    <li>
      <div className="card">
        <header>
          <h2>The steps</h2>
          <span className="aside faint">{counted(tasks.length, 'task')}, the last one first</span>
        </header>
        <ul className="lineage">
          {tasks.toReversed().map((task) => (
            <StepRow key={task.task} task={task} />
          ))}
        </ul>
      </div>
    </li>
  );
}

function StepRow({ task }: { readonly task: LineageTask }): ReactNode {
  return (
    <li>
      <details>
        <summary>
          <b>{task.task}</b>
          <span className="muted">{task.outputs.map(formatOutput).join(', ')}</span>
          <span className="faint">
            <Ago at={task.startedAt} />
          </span>
        </summary>
        <dl className="facts">
          <dt>What it does</dt>
          <dd>{task.description ?? task.operation}</dd>
          <dt>Took</dt>
          <dd>{formatDuration(task.endedAt - task.startedAt)}</dd>
          {task.code.length > 0 && (
            <>
              <dt>Code</dt>
              <dd>{task.code.join(', ')}</dd>
            </>
          )}
          {task.needs.length > 0 && (
            <>
              <dt>Read from</dt>
              <dd>{task.needs.join(', ')}</dd>
            </>
          )}
          <dt>Key</dt>
          <dd>
            <Digest of={task.key} what={`the key of ${task.task}`} />
          </dd>
          {task.outputs.map((output) => (
            <div key={output.name}>
              <dt>{output.name}</dt>
              <dd>
                <Digest of={output.digest} what={`the digest of ${output.name}`} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

function formatOutput({ name, kind, rows }: LineageTask['outputs'][number]): string {
  if (rows !== null) return counted(rows, 'row');
  return kind === 'files' ? `files: ${name}` : name;
}
