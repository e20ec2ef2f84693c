import { type ErrorDetail, PlatformError } from '../kernel/errors.ts';
import { callSiteOf } from './call-sites.ts';

/** A mistake in how a project is wired. */
export interface Mistake {
  readonly text: string;
  /** The source, step, model or project that has it. */
  readonly of: object;
}

/** Names the file and line of a call from its stack, if it is in the project's own files. */
export type Locate = (callSite: Error) => string | undefined;

type Mistakes = readonly [Mistake, ...Mistake[]];

/** Every wiring mistake of a project: the first is the message, the others are in `detail.more`. */
export class ProjectMistakes extends PlatformError {
  readonly #project: string;
  readonly #mistakes: Mistakes;

  constructor(project: string, mistakes: Mistakes, locate: Locate = () => undefined) {
    const [first, ...more] = mistakes.map(({ text, of }): ErrorDetail => {
      const callSite = callSiteOf(of);
      const at = callSite && locate(callSite);
      return { field: 'project', value: project, remedy: text, ...(at !== undefined && { at }) };
    }) as [ErrorDetail, ...ErrorDetail[]];
    super('PROJECT_INVALID', more.length === 0 ? first : { ...first, more });
    this.#project = project;
    this.#mistakes = mistakes;
  }

  /** The same mistakes with the file and line of each. */
  located(locate: Locate): ProjectMistakes {
    return new ProjectMistakes(this.#project, this.#mistakes, locate);
  }
}
