import { projectTitle, configFile } from './config-file.ts';
import type { Draft, ModelDraft } from '../draft.ts';
import { featuresFile } from './features-file.ts';
import { forecastConfigFile } from '../forecast/config-file.ts';
import type { ForecastDraft } from '../forecast/draft-forecast.ts';
import { seriesFile } from '../forecast/series-file.ts';
import { forecastStepsFile } from '../forecast/steps-file.ts';
import { categoriesFile, constantsOf } from './value-lists.ts';
import { namesOf } from './names.ts';
import { describe } from './source-text.ts';
import { stepsFile } from './steps-file.ts';

/** Every file of a made project, by its path in the project's folder. @param dependency where its Modelyard comes from */
export function projectFiles(draft: Draft, dependency: string): ReadonlyMap<string, string | Uint8Array> {
  const { dataPath, code } = draft.kind === 'forecast' ? forecastFiles(draft) : modelFiles(draft);
  return new Map<string, string | Uint8Array>([
    [dataPath, draft.csv.bytes],
    ...code,
    ['package.json', packageFile(draft.project, dependency)],
    ['tsconfig.json', compilerFile],
    ['.gitignore', 'node_modules/\n.modelyard/\n'],
    ['README.md', readme(draft, dataPath)],
  ]);
}

interface CodeFiles {
  /** Of the CSV. */
  readonly dataPath: string;
  readonly code: readonly (readonly [path: string, text: string])[];
}

function modelFiles(draft: ModelDraft): CodeFiles {
  const names = namesOf({ ...draft, steps: ['clean', 'sound'] });
  const categories = categoriesFile(constantsOf(draft), names.dataPath);
  return {
    dataPath: names.dataPath,
    code: [
      ['modelyard.config.ts', configFile(draft, names)],
      ['features.ts', featuresFile(draft, names)],
      ...(categories === undefined ? [] : [['categories.ts', categories] as const]),
      ['steps.ts', stepsFile(draft, names)],
    ],
  };
}

function forecastFiles(draft: ForecastDraft): CodeFiles {
  const names = namesOf({ ...draft, target: draft.value, steps: ['points', 'values'] });
  const code = [
    ['modelyard.config.ts', forecastConfigFile(draft, names)],
    ['series.ts', seriesFile(draft, names)],
    ['steps.ts', forecastStepsFile(draft, names)],
  ] as const;
  return { dataPath: names.dataPath, code };
}

/** The compiler that the generated types are tested with. */
const compiler = '^7.0.2';

function packageFile(name: string, dependency: string): string {
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { dev: 'modelyard dev', run: 'modelyard run', typecheck: 'tsc --noEmit' },
    dependencies: { modelyard: dependency },
    devDependencies: { typescript: compiler },
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
  const forecast = draft.kind === 'forecast';
  const { title } = describe(forecast ? draft.value.name : draft.target.name);
  const data = draft.madeUp
    ? `\`${dataPath}\`, which is made up: replace it with lines of your own`
    : `\`${dataPath}\``;
  const file = forecast
    ? '| `series.ts`           | a line of the CSV, and a value of a series               |'
    : '| `features.ts`         | the row, the request and the features                    |';
  return `# ${projectTitle(draft)}

${title}, ${forecast ? 'forecast' : 'predicted'} from the lines of ${data}.

\`\`\`sh
npm install
npx modelyard dev                # train, serve and show; again when you save code or params.yaml
npx modelyard predict ${draft.project}
npm run typecheck                # names in the code that no column has
\`\`\`

| file                  | what it holds                                            |
| --------------------- | -------------------------------------------------------- |
| \`modelyard.config.ts\` | the project: source, step, ${forecast ? 'forecast                      ' : 'model                         '}|
${file}
| \`steps.ts\`            | what is left out or corrected before anything is learned |
`;
}
