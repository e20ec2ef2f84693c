import type { NoticeView } from '../api/views.ts';
import type { Plan } from '../lifecycle/plan.ts';
import { notBuilt } from '../project/not-built.ts';

/** What a project declares and this version does not run. */
export function projectNotices({ project, unlisted = [] }: Plan): readonly NoticeView[] {
  return [...notBuilt(project), ...unlisted];
}
