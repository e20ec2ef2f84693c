import { defineCommand } from '../command.ts';
import { aliasOption, changeText, defaultAlias, whyOption } from './alias-change.ts';

export const modelsRollback = defineCommand({
  name: 'models rollback',
  summary: 'move an alias back to the version that was live before',
  needs: 'server',
  arguments: { model: { kind: 'required', help: 'the registered model' } },
  options: { alias: aliasOption, why: whyOption },
  examples: ['modelyard models rollback t20-score'],
  async run({ model, alias = defaultAlias, why }, context) {
    await using connection = await context.connect();
    const input = { model, alias, ...(why !== undefined && { why }) };
    const change = await connection.operations.rollback(input);
    context.result(change, () => changeText(model, change));
    return 0;
  },
});
