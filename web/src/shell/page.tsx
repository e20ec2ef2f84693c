import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { SignedIn } from './caller.tsx';

export interface Crumb {
  readonly text: string;
  /** The project that it links to. */
  readonly project?: string;
  /** The id of the experiment that it links to. */
  readonly experiment?: string;
  /** Whether it links to all models. */
  readonly models?: true;
  /** The model that it links to; the page itself has none of these. */
  readonly model?: string;
}

interface PageProps {
  /** Of the browser's tab. */
  readonly title: string;
  readonly crumbs: readonly Crumb[];
  readonly simulated?: readonly string[];
  readonly children: ReactNode;
}

let pagesShown = 0;

/** The frame of every page: navigation, the mark of simulated data, and the content. */
export function Page({ title, crumbs, simulated = [], children }: PageProps): ReactNode {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · Modelyard`;
  }, [title]);
  useEffect(() => {
    // After a link inside the app the keyboard starts at the new page, as it would after a full load.
    if (pagesShown > 0) main.current?.focus({ preventScroll: true });
    pagesShown += 1;
  }, []);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <nav aria-label="Where you are">
          <Link to="/" className="brand" aria-label="Modelyard, all projects">
            <svg width="18" height="18" viewBox="0 0 20 20" aria-hidden="true">
              <path d="M3 17V7l7 5 7-5v10M3 3h14" fill="none" stroke="currentColor" strokeWidth="2.2" />
            </svg>
            <span>Modelyard</span>
          </Link>
          {crumbs.map((crumb) => (
            <CrumbItem key={Object.values(crumb).join(' ')} crumb={crumb} />
          ))}
        </nav>
        {simulated.length > 0 && <SimulatedTag sources={simulated} />}
        <Link className="crumb" to="/runs" search={{}}>
          Runs
        </Link>
        <Link className="crumb" to="/models" search={{}} activeOptions={{ exact: true }}>
          Models
        </Link>
        <SignedIn />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function CrumbItem({ crumb }: { readonly crumb: Crumb }): ReactNode {
  return (
    <>
      <span className={crumb.models ? 'slash spare' : 'slash'} aria-hidden="true">
        /
      </span>
      <CrumbText crumb={crumb} />
    </>
  );
}

function CrumbText({
  crumb: { text, project, experiment, models, model },
}: {
  readonly crumb: Crumb;
}): ReactNode {
  if (project !== undefined)
    return (
      <Link
        className="crumb"
        title={text}
        to="/projects/$project"
        params={{ project }}
        activeOptions={{ exact: true }}
      >
        {text}
      </Link>
    );
  if (experiment !== undefined)
    return (
      <Link className="crumb" title={text} to="/experiments/$experiment" params={{ experiment }} search={{}}>
        {text}
      </Link>
    );
  if (models)
    return (
      <Link className="crumb spare" to="/models" search={{}} activeOptions={{ exact: true }}>
        {text}
      </Link>
    );
  if (model !== undefined)
    return (
      <Link
        className="crumb"
        title={text}
        to="/models/$model"
        params={{ model }}
        search={{}}
        activeOptions={{ exact: true }}
      >
        {text}
      </Link>
    );
  return (
    <span className="crumb" aria-current="page" title={text}>
      {text}
    </span>
  );
}

/** The mark of simulated data. */
export function SimulatedTag({ sources }: { readonly sources: readonly string[] }): ReactNode {
  return (
    <span className="tag simulated" title={`Made up for a first run, not fetched: ${sources.join(', ')}`}>
      simulated data
    </span>
  );
}
