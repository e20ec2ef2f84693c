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
    case 'compare-runs':
      return runsAmong(listIn(query, 'runs'));
    case 'compare-experiments':
      return experimentsTogether(listIn(query, 'experiments'));
    default:
      return undefined;
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
  try {
    const value = JSON.parse(new URLSearchParams(query).get(name) ?? '[]') as unknown;
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}
