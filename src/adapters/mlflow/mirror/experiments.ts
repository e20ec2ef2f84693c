import type { TargetExperiments } from '../../../exchange/mirror/target.ts';
import type { MlflowClient } from '../client.ts';
import { ifNew, ifThere, nameTaken, textAt } from './responses.ts';

const base = '/api/2.0/mlflow/experiments';

/** Experiments of an MLflow server. */
export function mlflowExperiments(client: MlflowClient): TargetExperiments {
  const find = async (name: string): Promise<string | undefined> => {
    const found = await ifThere(client.get(`${base}/get-by-name`, { experiment_name: name }));
    return found && textAt(found, 'experiment', 'experiment_id');
  };
  return {
    find,
    async create(name, tags) {
      const created = await ifNew(
        client.post(`${base}/create`, { name, tags: tags.map(({ key, value }) => ({ key, value })) }),
      );
      return created ? textAt(created, 'experiment_id') : ((await find(name)) ?? '');
    },
    async rename(id, name) {
      const renamed = await ifNew(client.post(`${base}/update`, { experiment_id: id, new_name: name }));
      if (!renamed && (await find(name)) !== id) throw nameTaken('experiment', name);
    },
    async move(id, to) {
      await ifThere(client.post(`${base}/${to === 'deleted' ? 'delete' : 'restore'}`, { experiment_id: id }));
    },
    async setTag(id, { key, value }) {
      await client.post(`${base}/set-experiment-tag`, { experiment_id: id, key, value });
    },
    async deleteTag(id, key) {
      await ifThere(client.post(`${base}/delete-experiment-tag`, { experiment_id: id, key }));
    },
  };
}
