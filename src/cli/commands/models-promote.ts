import { PlatformError } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { aliasOption, changeText, defaultAlias, whyOption } from './alias-change.ts';

export const modelsPromote = defineCommand({
  name: 'models promote',
  summary: 'move an alias to a version by hand',
  needs: 'server',
  arguments: {
    model: { kind: 'required', help: 'the registered model' },
    version: { kind: 'required', help: 'the number of the version' },
  },
  options: { alias: aliasOption, why: whyOption },
  examples: ['modelyard models promote t20-score 7 --why "the new season"'],
  async run({ model, version, alias = defaultAlias, why }, context) {
    const number = readVersion(version);
    await using connection = await context.connect();
    const change = await connection.operations.promote({
      model,
      alias,
      version: number,
      ...(why !== undefined && { why }),
    });
    context.result(change, () => changeText(model, change));
    return 0;
  },
});

function readVersion(text: string): number {
  const [, number] = /^v?([1-9]\d{0,14})$/.exec(text) ?? [];
  if (number !== undefined) return Number(number);
  throw new PlatformError('CONFIG_INVALID', {
    field: 'version',
    value: text,
    remedy: 'must be the number of a version; modelyard models lists them',
  });
}
