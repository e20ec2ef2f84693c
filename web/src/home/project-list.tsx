import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ProjectView } from '../../../src/client/index.ts';
import { SimulatedTag } from '../shell/page.tsx';
import { withUnit } from '../text/numbers.ts';
import '../project/project.css';

/** The projects of this server. */
export function ProjectList({ projects }: { readonly projects: readonly ProjectView[] }): ReactNode {
  return (
    <ul className="projects" aria-label="Projects">
      {projects.map((project) => (
        <ProjectItem key={project.name} project={project} />
      ))}
    </ul>
  );
}

function ProjectItem({ project }: { readonly project: ProjectView }): ReactNode {
  return (
    <li className="card">
      <header>
        <h2>
          <Link to="/projects/$project" params={{ project: project.name }}>
            {project.title}
          </Link>
        </h2>
        <span className="aside">
          {project.activeRun && <span className="tag accent">running</span>}{' '}
          {project.simulated.length > 0 && <SimulatedTag sources={project.simulated} />}
        </span>
      </header>
      {project.description !== null && <p className="muted">{project.description}</p>}
      <p className="muted">{project.models.map(formatModel).join(' · ')}</p>
    </li>
  );
}

function formatModel({ title, live }: ProjectView['models'][number]): string {
  if (!live) return `${title}: no version is live yet`;
  const metric = live.metrics[0];
  return `${title}: version ${live.version}${metric ? `, ${metric.title} ${withUnit(metric.value, metric.unit)}` : ''}`;
}
