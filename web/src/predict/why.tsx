import { type ReactNode, useState } from 'react';
import {
  type ExplanationView,
  type PredictionView,
  type Reason,
  reasonsOf,
} from '../../../src/client/index.ts';
import { DivergingBar } from '../charts/diverging-bar.tsx';
import { Card } from '../shell/parts.tsx';
import { explanationFormat } from '../text/explanation.ts';

const strongest = 7;

interface WhyProps {
  readonly explanation: ExplanationView;
  readonly prediction: PredictionView;
  readonly current: boolean;
}

/** What moved the prediction, a bar for each field of the request, the strongest first; baseline and bars sum to the prediction, or to its probability. */
export function Why({ explanation, prediction, current }: WhyProps): ReactNode {
  const { baseline } = explanation;
  const contributions = reasonsOf(explanation);
  const format = explanationFormat(explanation, prediction);
  const [all, setAll] = useState(false);
  const strong = all ? contributions : contributions.slice(0, strongest);
  const rest = contributions.slice(strong.length);
  const restSum = sumOf(rest);
  const largest = Math.max(...contributions.map(({ contribution }) => Math.abs(contribution)), 1e-9);
  return (
    <Card title="Why" className={current ? 'why' : 'why old'}>
      <p className="faint">{format.about}</p>
      <ul className="contributions">
        <li className="start">
          <span className="what">{format.startTitle}</span>
          <span />
          <span className="amount">{format.start}</span>
        </li>
        {strong.map((item) => (
          <li key={item.key}>
            <span className="what" title={`${item.title} ${item.given}`}>
              {item.title} <span className="given">{item.given}</span>
            </span>
            <DivergingBar share={item.contribution / largest} />
            <span className="amount">{format.amount(item.contribution, largest)}</span>
          </li>
        ))}
        {rest.length > 0 && (
          <li>
            <button type="button" className="quiet what" onClick={() => setAll(true)}>
              {rest.length} smaller {rest.length === 1 ? 'one' : 'ones'}
            </button>
            <DivergingBar share={restSum / largest} />
            <span className="amount">{format.amount(restSum, largest)}</span>
          </li>
        )}
        <li className="sum">
          <span className="what">{format.title}</span>
          <span />
          <span className="amount">{format.total(baseline + sumOf(contributions))}</span>
        </li>
      </ul>
    </Card>
  );
}

function sumOf(contributions: readonly Reason[]): number {
  return contributions.reduce((sum, { contribution }) => sum + contribution, 0);
}
