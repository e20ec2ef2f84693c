import { PlatformError } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';

export const completion = defineCommand({
  name: 'completion',
  summary: 'print the completion script of a shell',
  needs: 'nothing',
  arguments: { shell: { kind: 'required', help: 'bash, zsh or fish' } },
  examples: [
    'modelyard completion bash > /etc/bash_completion.d/modelyard',
    'modelyard completion zsh > "${fpath[1]}/_modelyard"',
    'modelyard completion fish > ~/.config/fish/completions/modelyard.fish',
  ],
  async run({ shell }, { result }) {
    const { completionScript, shells } = await import('../completion.ts');
    if (!shells.includes(shell))
      throw new PlatformError('CONFIG_INVALID', {
        field: 'shell',
        value: shell,
        remedy: `must be one of ${shells.join(', ')}`,
      });
    const script = completionScript(shell);
    result({ shell, script }, () => script);
    return 0;
  },
});
