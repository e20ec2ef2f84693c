import { z } from 'zod';
import { digestSchema } from '../../pipeline/stored-result.ts';
import { comparedReports } from './compared-reports.ts';
import type { NotJudged } from './external-gate.ts';
import type { GateOutcome } from './gate-decision.ts';

/** The facts of a gate. */
export const gateFacts = z.object({
  /** Null if no client has registered a version yet. */
  version: z.number().nullable(),
  verdict: z.number().nullable(),
  /** Why a version that a client registered could not be judged. */
  notJudged: z.string().nullable().default(null),
  /** Null if it was not compared with a live version. */
  reports: comparedReports.nullable().default(null),
  /** The report of a version that was trained elsewhere, which the gate measures; null for others. */
  report: digestSchema.nullable().default(null),
});
type GateFacts = z.output<typeof gateFacts>;

/** The facts of what a gate did, and whether it is as if it had not run. */
export function gateResult(outcome: GateOutcome | NotJudged | undefined): {
  readonly hit: boolean;
  readonly facts: GateFacts;
} {
  const none = { verdict: null, notJudged: null, reports: null, report: null };
  if (!outcome) return { hit: true, facts: { ...none, version: null } };
  // A run records it each time, because a fault of the network is gone when the next run tries again.
  if ('notJudged' in outcome) return { hit: false, facts: { ...none, ...outcome } };
  const { version, verdict, reports = null, report = null } = outcome;
  const facts = { ...none, version: version.version, verdict: verdict?.id ?? null, reports, report };
  return { hit: !verdict, facts };
}

/** The facts of a gate in a few words: 'version 3'. */
export function formatGated({ version, notJudged }: Pick<GateFacts, 'version' | 'notJudged'>): string {
  if (version === null) return 'no version is registered yet';
  return notJudged === null ? `version ${version}` : `version ${version} was not judged: ${notJudged}`;
}
