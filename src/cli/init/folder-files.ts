import { projectTitle, configFile } from './config-file.ts';
import type { Draft } from './draft.ts';
import { featuresFile } from './features-file.ts';
import { namesOf } from './names.ts';
import { describe } from './source-text.ts';
import { stepsFile } from './steps-file.ts';

/** Every file of a made project, by its path in the project's folder. @param version of Modelyard */
export function projectFiles(draft: Draft, version: string): ReadonlyMap<string, string> {
  const names = namesOf(draft);
  return new Map([
    [names.dataPath, draft.csv.text],
    ['modelyard.config.ts', configFile(draft, names)],
    ['features.ts', featuresFile(draft, names)],
    ['steps.ts', stepsFile(draft, names)],
    ['package.json', packageFile(draft.project, version)],
    ['tsconfig.json', compilerFile],
    ['.gitignore', 'node_modules/\n.modelyard/\n'],
    ['README.md', readme(draft, names.dataPath)],
  ]);
}

function packageFile(name: string, version: string): string {
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { dev: 'modelyard dev', run: 'modelyard run' },
    dependencies: { modelyard: `^${version}` },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

const compilerFile = `{
  "compilerOptions": {
    "target": "ES2023",
    "module": "nodenext",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "noEmit": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "types": []
  },
  "include": ["*.ts"]
}
`;

function readme(draft: Draft, dataPath: string): string {
  const { title } = describe(draft.target.name);
  const data = draft.madeUp
    ? `\`${dataPath}\`, which is made up: put lines of your own in their place`
    : `\`${dataPath}\``;
  return `# ${projectTitle(draft)}

${title}, predicted from the lines of ${data}.

\`\`\`sh
npm install
npx modelyard dev                # learn, serve and show; again on every change
npx modelyard predict ${draft.project}
\`\`\`

| file                  | what it holds                                            |
| --------------------- | -------------------------------------------------------- |
| \`modelyard.config.ts\` | the project: source, step, model                         |
| \`features.ts\`         | the row, the request and the features                    |
| \`steps.ts\`            | what is left out or corrected before anything is learned |
`;
}
