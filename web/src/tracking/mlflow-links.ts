/**
 * The path of the page that an address of MLflow's own pages means, as its client prints it: '#/experiments/1/runs/0a1b' is
 * '/runs/0a1b'. Undefined for another hash.
 */
export function pathOfMlflowLink(hash: string): string | undefined {
  if (!hash.startsWith('#/')) return undefined;
  const [path = '', query = ''] = hash.slice(2).split('?');
  const parts = path.split('/').filter((part) => part !== '');
  const [kind, name, below, id] = parts;
  switch (kind) {
    case undefined:
      return '/';
    case 'experiments':
      if (name === undefined) return '/';
      return below === 'runs' && id !== undefined ? `/runs/${id}` : `/experiments/${name}`;
    case 'models':
    case 'prompts':
      return modelPath(name, below === 'versions' ? id : undefined);
    case 'compare-model-versions':
      return versionsCompared(query);
    case 'compare-runs':
      return runsAmong(listIn(query, 'runs'));
    case 'compare-experiments':
      return experimentsTogether(listIn(query, 'experiments'));
    default:
      return undefined;
  }
}

/** A name comes as it is in a path: percent-encoded, or with signs that a person typed. */
function modelPath(name: string | undefined, version?: string): string {
  if (name === undefined) return '/models';
  const model = `/models/${encodeURIComponent(decoded(name))}`;
  return version !== undefined && /^[1-9]\d*$/.test(version) ? `${model}/versions/${version}` : model;
}

/** MLflow names a model as JSON, and its versions by their runs. */
function versionsCompared(query: string): string {
  const [name, runs] = [valueIn(query, 'name'), valueIn(query, 'runs')];
  if (typeof name !== 'string') return '/models';
  const versions = typeof runs === 'object' && runs !== null ? Object.values(runs).map(String) : [];
  const [first, second] = versions.filter((each) => /^[1-9]\d*$/.test(each));
  const path = modelPath(encodeURIComponent(name), first);
  return second === undefined ? path : `${path}?against=${second}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function runsAmong(runs: readonly string[]): string {
  const filter = `attributes.run_id IN (${runs.map((run) => `'${run}'`).join(', ')})`;
  return runs.length > 0 ? `/runs?${new URLSearchParams({ filter }).toString()}` : '/runs';
}

function experimentsTogether(experiments: readonly string[]): string {
  const list = experiments.map(encodeURIComponent).join(',');
  return experiments.length > 0 ? `/runs?${new URLSearchParams({ experiments: list }).toString()}` : '/runs';
}

/** MLflow writes lists as JSON. */
function listIn(query: string, name: string): readonly string[] {
  const value = valueIn(query, name);
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function valueIn(query: string, name: string): unknown {
  try {
    return JSON.parse(new URLSearchParams(query).get(name) ?? 'null') as unknown;
  } catch {
    return undefined;
  }
}
