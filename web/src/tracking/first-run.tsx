import { type ReactNode, useState } from 'react';
import { Choices } from '../shell/choices.tsx';
import { Copy } from '../shell/parts.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';

type Language = 'Python' | 'curl' | 'TypeScript';

/** How to send the first run to this server, with the address that the browser used. */
export function FirstRun(): ReactNode {
  const [language, setLanguage] = useState<Language>('Python');
  const samples = samplesFor(location.origin);
  return (
    <section className="card blank">
      <h2>No run was sent yet</h2>
      <p className="muted">
        Point an MLflow client at this server. This page changes when the first run arrives. For a project
        that Modelyard trains and serves, run <code>npx modelyard init my-project</code>.
      </p>
      <Choices
        label="Language"
        name="language"
        value={language}
        options={(Object.keys(samples) as readonly Language[]).map((each) => [each, each])}
        onChoose={setLanguage}
      />
      <div className="sample">
        <ScrollArea label={`The ${language} lines`}>
          <pre>
            <code>{samples[language]}</code>
          </pre>
        </ScrollArea>
        <Copy text={samples[language]} what={`the ${language} lines`} />
      </div>
    </section>
  );
}

function samplesFor(address: string): Readonly<Record<Language, string>> {
  const api = `${address}/api/2.0/mlflow`;
  return {
    Python: `# pip install mlflow
import mlflow

mlflow.set_tracking_uri("${address}")
mlflow.set_experiment("my-first")
with mlflow.start_run():
    mlflow.log_param("depth", 3)
    for step in range(20):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)`,
    curl: `run=$(curl -s ${api}/runs/create \\
  --json '{"experiment_id": "0", "start_time": '$(date +%s000)'}' |
  grep -o '"run_id": *"[0-9a-f]*"' | head -n 1 | cut -d '"' -f 4)
curl -s ${api}/runs/log-metric \\
  --json '{"run_id": "'$run'", "key": "loss", "value": 0.5, "timestamp": '$(date +%s000)', "step": 0}'
curl -s ${api}/runs/update --json '{"run_id": "'$run'", "status": "FINISHED", "end_time": '$(date +%s000)'}'`,
    TypeScript: `const api = '${api}';
const post = async (path: string, body: object) => {
  const response = await fetch(\`\${api}/\${path}\`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};
const { run } = await post('runs/create', { experiment_id: '0', start_time: Date.now() });
const run_id = run.info.run_id;
await post('runs/log-metric', { run_id, key: 'loss', value: 0.5, timestamp: Date.now(), step: 0 });
await post('runs/update', { run_id, status: 'FINISHED', end_time: Date.now() });`,
  };
}
