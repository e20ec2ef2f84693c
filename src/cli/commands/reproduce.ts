import type { ServerEvent } from '../../api/views.ts';
import { PlatformError, platformError } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { setOption } from '../options.ts';
import { jobText } from '../output/outcome.ts';
import { withProgress } from '../output/progress.ts';
import { reproductionExitCode, reproductionText } from '../output/reproduction-text.ts';

export const reproduce = defineCommand({
  name: 'reproduce',
  summary: 'train a version again from its own data, code, params and seeds, and compare',
  needs: 'project',
  arguments: {
    version: { kind: 'required', help: 'a version: model@alias, model/3, or a model for the live one' },
  },
  options: { set: setOption },
  examples: [
    'modelyard reproduce t20-score@prod',
    'modelyard reproduce t20-score/3',
    'modelyard reproduce t20-score@prod --json | jq .status',
  ],
  notes: [
    'It takes the recorded data, and neither fetches nor uses results of the cache. Its run is recorded with the tag modelyard.reproduces; no version is registered and no alias moves.',
    'Exit code 0: the model is the same bit for bit, its metrics are the same, and the project still has its code and settings. 1: something differs, or it failed. 2: it cannot be tried, because data or code is gone, or the project file does not load.',
  ],
  exitCodes: { PROJECT_INVALID: 2, USER_CODE_FAILED: 2 },
  async run({ version, set }, context) {
    const asked = readVersion(version);
    const { terminal } = context;
    await using connection = await context.connect({ set });
    const project = await connection.project();
    const startedAt = Date.now();
    const source = {
      onEvent: (listener: (event: ServerEvent) => void) => connection.onEvent(project, listener),
    };
    const job = await withProgress(source, terminal, async (follow) => {
      const queued = await connection.operations.reproduce({ ...asked, by: 'client' });
      follow(queued.id);
      return connection.finish(queued, (seen) => follow(seen.id));
    });
    if (job.error) throw platformError(job.error);
    const { reproduction, run = null } = job.outcome ?? {};
    const options = { took: Date.now() - startedAt, terminal };
    if (!reproduction || job.status === 'cancelled') {
      context.result(job, () => jobText(job, options));
      return 1;
    }
    context.result({ ...reproduction, run }, () => reproductionText(reproduction, { ...options, run }));
    return reproductionExitCode(reproduction);
  },
});

/** 'score@prod', 'score/3', 'models:/score/3' */
function readVersion(text: string): {
  readonly model: string;
  readonly alias?: string;
  readonly version?: number;
} {
  const name = text.replace(/^models:\//, '');
  const [, ofAlias, alias] = /^([^/]+)@([^@/]+)$/.exec(name) ?? [];
  if (ofAlias !== undefined && alias !== undefined) return { model: ofAlias, alias };
  const [, ofVersion, version] = /^([^/]+)\/v?([1-9]\d{0,14})$/.exec(name) ?? [];
  if (ofVersion !== undefined) return { model: ofVersion, version: Number(version) };
  if (name !== '' && !/[/@]/.test(name)) return { model: name };
  throw new PlatformError('CONFIG_INVALID', {
    field: 'version',
    value: text,
    remedy: 'must be model@alias or model/version, such as t20-score@prod or t20-score/3',
  });
}
