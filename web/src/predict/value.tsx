import { type ReactNode, useState } from 'react';
import { formatShare, formatNumber, type PredictionView } from '../../../src/client/index.ts';
import { Bars } from '../charts/bars.tsx';
import { ForecastChart } from '../charts/forecast-chart.tsx';
import { formatRange } from '../text/numbers.ts';
import { formatClass, formatClassName } from '../text/prediction.ts';

/** The predicted value in large, and how sure it is. */
export function Value({ prediction }: { readonly prediction: PredictionView }): ReactNode {
  switch (prediction.kind) {
    case 'number':
      return <NumberValue prediction={prediction} />;
    case 'class':
      return <ClassValue prediction={prediction} />;
    case 'forecast':
      return <ForecastValue prediction={prediction} />;
  }
}

type Of<Kind> = { readonly prediction: Extract<PredictionView, { readonly kind: Kind }> };

function NumberValue({ prediction: { prediction, unit, interval } }: Of<'number'>): ReactNode {
  return (
    <div className="verdict-line">
      <p className="huge">
        {formatNumber(prediction)} {unit !== null && <small>{unit}</small>}
      </p>
      {interval && (
        <p className="muted">
          {formatShare(interval.level)} interval{' '}
          <strong>{formatRange(interval.low, interval.high, unit)}</strong>
        </p>
      )}
    </div>
  );
}

const mostClasses = 6;

function ClassValue({ prediction: view }: Of<'class'>): ReactNode {
  const [all, setAll] = useState(false);
  const bars = Object.entries(view.probabilities)
    .map(([name, share]) => ({ key: name, title: formatClassName(name, view), share }))
    .toSorted((a, b) => b.share - a.share);
  const listed = all ? bars : bars.slice(0, mostClasses);
  return (
    <>
      <div className="verdict-line">
        <p className="huge">{formatClass(view.prediction)}</p>
        <p className="muted">
          with a probability of <strong>{formatShare(view.probability)}</strong>
        </p>
      </div>
      <Bars bars={listed} full={1} />
      {listed.length < bars.length && (
        <button type="button" className="quiet" onClick={() => setAll(true)}>
          {bars.length - listed.length} less probable
        </button>
      )}
    </>
  );
}

function ForecastValue({ prediction: { points, level, unit } }: Of<'forecast'>): ReactNode {
  return (
    <>
      <ForecastChart points={points} />
      <table className="forecast">
        <thead>
          <tr>
            <th>When</th>
            <th className="amount">{unit ?? 'Value'}</th>
            <th className="amount">{level === undefined ? 'Range' : `${formatShare(level)} interval`}</th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ time, prediction, low, high }) => (
            <tr key={time}>
              <td>{time}</td>
              <td className="amount">{formatNumber(prediction)}</td>
              <td className="amount">
                {formatNumber(low)} to {formatNumber(high)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
