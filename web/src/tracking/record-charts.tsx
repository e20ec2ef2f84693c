import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { RunRecord } from '../../../src/client/index.ts';
import { curvesQuery } from '../queries.ts';
import { Choices } from '../shell/choices.tsx';
import { ErrorNote, useLimit } from '../shell/parts.tsx';
import { SearchField } from '../shell/search-field.tsx';
import { asErrorBody } from '../shell/error-body.ts';
import { type Along, CurveChart } from './curve-chart.tsx';

const chartsAtFirst = 12;
/** Metrics of one request. */
const atOnce = 100;
const worthSearching = 9;

/** The metrics of a run that have more than one point, as charts. */
export function RecordCharts({ run }: { readonly run: RunRecord }): ReactNode {
  const [along, setAlong] = useState<Along>('step');
  const [smoothing, setSmoothing] = useState(0);
  const [search, setSearch] = useState('');
  const names = Object.keys(run.metrics).filter((name) => name.toLowerCase().includes(search.toLowerCase()));
  const [limit, more] = useLimit(names.length, chartsAtFirst);
  const asked = names.slice(0, Math.min(limit, atOnce));
  const { data: curves = [], error } = useQuery({
    ...curvesQuery(run.id, asked, along),
    enabled: asked.length > 0,
    placeholderData: (before) => before,
    refetchInterval: run.status === 'RUNNING' ? 2000 : false,
  });
  if (Object.keys(run.metrics).length === 0) return null;
  return (
    <section className="charts" aria-label="Charts">
      <div className="chart-bar">
        <Choices
          label="Along the x axis"
          name="along"
          value={along}
          options={[
            ['step', 'Step'],
            ['time', 'Time'],
          ]}
          onChoose={setAlong}
        />
        <label className="smoothing">
          Smoothing
          <input
            type="range"
            min={0}
            max={0.99}
            step={0.01}
            value={smoothing}
            onChange={(event) => setSmoothing(Number(event.target.value))}
          />
          <output>{smoothing.toFixed(2)}</output>
        </label>
        {Object.keys(run.metrics).length >= worthSearching && (
          <SearchField label="Find a chart" value={search} onSearch={setSearch} />
        )}
      </div>
      {error && <ErrorNote error={asErrorBody(error)} />}
      <div className="chart-grid">
        {curves
          .filter(({ logged }) => logged > 1)
          .map((curve) => (
            <div key={curve.metric} className="card">
              <CurveChart curve={curve} along={along} smoothing={smoothing} startedAt={run.startedAt} />
            </div>
          ))}
      </div>
      {more}
    </section>
  );
}
