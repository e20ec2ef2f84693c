import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AliasTags } from '../models/alias-tags.tsx';
import { latestModelsQuery } from '../models/model-queries.ts';
import { Card } from '../shell/parts.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import '../models/models.css';

const refetchMs = 8000;

/** The registered models that changed last; nothing before the first one. */
export function ModelsCard(): ReactNode {
  const { data } = useQuery({ ...latestModelsQuery, refetchInterval: refetchMs });
  if (!data || data.models.length === 0) return null;
  return (
    <Card
      title="Models"
      aside={
        <Link to="/models" search={{}}>
          {counted(data.total ?? data.models.length, 'model')}
        </Link>
      }
    >
      <ScrollArea label="Models">
        <table className="folding">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Aliases</th>
              <th scope="col">Updated</th>
            </tr>
          </thead>
          <tbody>
            {data.models.map((model) => (
              <tr key={model.name}>
                <th scope="row" className="any-name">
                  <Link to="/models/$model" params={{ model: model.name }} search={{}}>
                    {model.name}
                  </Link>
                </th>
                <td className="alias-cell">
                  <AliasTags aliases={model.aliases} stages={model.stages} />
                </td>
                <td className="tail">
                  <Ago at={model.updatedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </Card>
  );
}
