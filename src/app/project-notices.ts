import type { NoticeView } from '../api/views.ts';
import type { Plan } from '../lifecycle/plan.ts';
import { notBuilt } from '../project/not-built.ts';

/** What a project declares and this version does not run, and what was noticed in its files. */
export function projectNotices({ project, notices = [] }: Plan): readonly NoticeView[] {
  return [...notBuilt(project), ...notices];
}
