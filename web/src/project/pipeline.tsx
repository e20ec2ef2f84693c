import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import type { ProjectView, TaskView } from '../../../src/client/index.ts';
import { Card } from '../shell/parts.tsx';
import { Ago } from '../text/times.tsx';
import type { Logs } from './live.ts';
import { TaskNode } from './task-node.tsx';
import { TaskPanel } from './task-panel.tsx';
import { formatReason } from './format-task.ts';
import { useLayout } from './use-layout.ts';

const route = getRouteApi('/projects/$project');

interface PipelineProps {
  readonly project: ProjectView;
  readonly logs: Logs;
}

/** The graph with each task's present status. A click on a task opens a panel with its details. */
export function Pipeline({ project, logs }: PipelineProps): ReactNode {
  const { task: openTask } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (task: string | undefined): void => {
    const search = task === undefined || task === openTask ? {} : { task };
    void navigate({ search, replace: true, resetScroll: false });
  };
  const chosen = project.tasks.find(({ task }) => task === openTask);
  return (
    <Card title="Pipeline" className="pipeline" aside={<PipelineAside project={project} />}>
      {project.tasks.length === 0 ? (
        <p className="muted">The graph appears here once the project file can be read.</p>
      ) : (
        <GraphView tasks={project.tasks} chosen={chosen?.task} onOpen={open} />
      )}
      {chosen && (
        <TaskPanel
          key={chosen.task}
          task={chosen}
          tasks={project.tasks}
          lines={logs.get(chosen.task) ?? []}
          onOpen={open}
        />
      )}
    </Card>
  );
}

function PipelineAside({ project }: { readonly project: ProjectView }): ReactNode {
  const { activeRun, tasks } = project;
  if (activeRun) {
    return (
      <span className="faint">
        <span className="tag accent">running</span> started <Ago at={activeRun.startedAt} />{' '}
        {formatReason(activeRun.why)}
      </span>
    );
  }
  const hits = tasks.filter(({ status }) => status === 'hit').length;
  if (tasks.length > 0 && hits === tasks.length)
    return <span className="faint">everything is up to date</span>;
  return hits === 0 ? null : (
    <span className="faint">
      {hits} of {tasks.length} {hits === 1 ? 'was' : 'were'} unchanged and not run again
    </span>
  );
}

interface GraphViewProps {
  readonly tasks: readonly TaskView[];
  readonly chosen: string | undefined;
  readonly onOpen: (task: string) => void;
}

function GraphView({ tasks, chosen, onOpen }: GraphViewProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const layout = useLayout(tasks, frame);
  const byName = new Map(tasks.map((task) => [task.task, task]));
  return (
    <div className="graph-frame" ref={frame}>
      {layout && (
        <div className="graph" style={{ width: layout.width, height: layout.height }}>
          <svg width={layout.width} height={layout.height} aria-hidden="true">
            {layout.edges.map(({ from, to, path }) => (
              <path
                key={`${from} ${to}`}
                d={path}
                className={byName.get(to)?.status === 'running' ? 'moving' : ''}
              />
            ))}
          </svg>
          <ul>
            {tasks.map((task) => {
              const position = layout.positions.get(task.task);
              if (!position) return null;
              const box = {
                left: position.x,
                top: position.y,
                width: layout.nodeWidth,
                height: layout.nodeHeight,
              };
              return (
                <li key={task.task} style={box}>
                  <TaskNode task={task} open={task.task === chosen} onOpen={onOpen} />
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
