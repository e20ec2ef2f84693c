import type { ColumnTypes } from './column-types.ts';

/** Runs that were asked for, until a process has done them. */
export function jobTables({ text, integer, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table jobs (
      id ${text} primary key, project ${text} not null, target ${text}, trigger_kind ${text} not null,
      trigger_detail ${text} not null, trigger_key ${text}, status ${text} not null, queued_at ${integer} not null,
      started_at ${integer}, ended_at ${integer}, attempt ${integer} not null, resumes ${text}, resumed_by ${text},
      is_cancelled ${integer} not null default 0, owner ${text}, outcome ${text}, error ${text}
    )${clustered}`,
    'create unique index jobs_of_trigger on jobs (project, trigger_key)',
    'create index jobs_by_status on jobs (status, queued_at)',
    'create index jobs_by_project on jobs (project, queued_at)',
  ];
}
