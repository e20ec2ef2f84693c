import { defineCommand } from '../command.ts';
import { aliasOption, defaultAlias, historyLine } from './alias-change.ts';

export const modelsHistory = defineCommand({
  name: 'models history',
  summary: 'list every move of an alias: when, from, to, who and why',
  needs: 'server',
  arguments: { model: { kind: 'required', help: 'the registered model' } },
  options: { alias: aliasOption },
  examples: ['modelyard models history t20-score --alias prod'],
  async run({ model, alias = defaultAlias }, context) {
    await using connection = await context.connect();
    const changes = await connection.operations.listAliasMoves({ model, alias });
    const lines = changes.map((change) => historyLine(change, context.terminal));
    context.result(changes, () => lines.join('\n') || `${model}@${alias} was never set.`);
    return 0;
  },
});
