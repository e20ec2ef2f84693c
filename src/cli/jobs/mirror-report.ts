import { closingOnError } from '../../kernel/closers.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { openMeter } from '../../http/metrics/meter.ts';
import { terminalLog } from '../output/log.ts';
import { readStoreConfig } from '../config/config.ts';
import { type MirrorConfig, readMirror } from '../config/mirror-config.ts';
import {
  formatBacklog,
  counted,
  locateState,
  type MirrorStatus,
  readMirrorStatus,
  requireCurrentTables,
  retryRefused,
  stopQueueing,
} from '../doctor/mirror-status.ts';
import { openState } from '../host/state.ts';
import { startMirrorOf } from '../host/workers.ts';
import { paint, type Terminal } from '../output/terminal.ts';
import type { CommandContext } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';

export interface MirrorInput {
  readonly retry: boolean;
  readonly send: boolean;
  readonly off: boolean;
}

/** A day; sending ends earlier when the other server is away. */
const untilSent = 24 * 60 * 60 * 1000;

/** `modelyard mirror`: shows waiting and refused changes. Exits with 1 if the other server cannot be reached. */
export async function reportMirror(input: MirrorInput, context: CommandContext): Promise<ExitCode> {
  const { config, env, terminal } = context;
  const state = locateState(config, env);
  if (input.off) {
    await requireCurrentTables(state);
    await stopQueueing(state);
    context.result({ queueing: false }, () => 'Changes are no longer queued for the mirror.');
    return 0;
  }
  const mirror = readMirror(env);
  if (!mirror) throw noMirror();
  if (input.retry || input.send) await requireCurrentTables(state);
  const again = input.retry ? await retryRefused(mirror, state) : undefined;
  if (input.send) await send(mirror, context);
  const status = await readMirrorStatus(mirror, state);
  const sent = again === undefined ? [] : [`${counted(again)} sent again.`];
  context.result({ ...status, again }, () => [...sent, ...linesOf(status, terminal)].join('\n'));
  return status.fault === undefined ? 0 : 1;
}

/** Opens the state, which no server may have open, and sends the waiting changes. */
async function send(mirror: MirrorConfig, { config, env, terminal }: CommandContext): Promise<void> {
  await closingOnError(async (closers) => {
    const log = terminalLog(terminal);
    const stores = { ...readStoreConfig(env), ...locateState(config, env), mirror };
    const state = await openState(closers, { ...stores, holder: 'modelyard mirror --send', log });
    startMirrorOf(closers, state, { log, mirror: { ...mirror, drain: untilSent, meter: openMeter() } });
    await closers[Symbol.asyncDispose]();
  });
}

function linesOf(status: MirrorStatus, terminal: Terminal): readonly string[] {
  const { url, fault, refusals, refused } = status;
  const reached =
    fault === undefined ? paint('is reachable', 'green', terminal) : paint(fault, 'red', terminal);
  return [
    `${paint(url, 'bold', terminal)} ${reached}`,
    `${formatBacklog(status)}.`,
    ...refusals.map(({ change: { stream, kind, key, note }, reason }) => {
      const what = [stream, kind, key, note].filter((part) => part !== '').join(' ');
      return `  ${what}\n    ${reason}`;
    }),
    ...(refused > refusals.length ? [`  and ${refused - refusals.length} more`] : []),
    ...(refused > 0 ? ['Send them again: modelyard mirror --retry'] : []),
  ];
}

function noMirror(): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: 'MODELYARD_MIRROR',
    value: undefined,
    remedy: 'No mirror is set up: set MODELYARD_MIRROR to the address of the MLflow server.',
  });
}
