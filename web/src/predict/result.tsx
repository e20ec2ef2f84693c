import { Link } from '@tanstack/react-router';
import { type CSSProperties, type ReactNode, useState } from 'react';
import type { EndpointView, PredictionView } from '../../../src/client/index.ts';
import { Copy } from '../shell/parts.tsx';
import { counted, formatNumber, outOf, withUnit } from '../text/numbers.ts';
import { placeOn, type Scale, scaleOver } from './strip-scale.ts';

interface ResultProps {
  readonly endpoint: EndpointView;
  readonly answer: PredictionView | undefined;
  /** Whether the answer is to what the form says now. */
  readonly current: boolean;
  /** How many fields keep the form from being a request. */
  readonly blocked: number;
}

/** The number, how sure it is, and where it lies. */
export function Result({ endpoint, answer, current, blocked }: ResultProps): ReactNode {
  return (
    <section
      className={current || !answer ? 'card result' : 'card result old'}
      aria-label="Result"
      id="result"
    >
      <header>
        <h2>{endpoint.target.title}</h2>
        {blocked > 0 && <span className="tag warn">{counted(blocked, 'field')} to mend</span>}
      </header>
      <div aria-live="polite" aria-atomic="true">
        {answer ? (
          <Sentence answer={answer} />
        ) : (
          <p className="muted">The answer comes here as soon as the form is complete.</p>
        )}
      </div>
      {answer && (
        <>
          <RangeStrip answer={answer} />
          <footer>
            <span className="tag accent">
              {answer.model} v{answer.version}
            </span>
            {answer.cached && <span className="tag">from the cache</span>}
            <span className="faint id">
              <code title={answer.id}>{answer.id}</code>
              <Copy text={answer.id} what="the prediction's id" />
            </span>
            <Link
              className="trace"
              to="/predictions/$prediction"
              params={{ prediction: answer.id }}
              preload={false}
            >
              Trace it to its data
            </Link>
          </footer>
        </>
      )}
    </section>
  );
}

/** The answer in short, for screens on which the result lies below the form. */
export function Peek({ answer }: { readonly answer: PredictionView }): ReactNode {
  const { value, unit, interval } = answer;
  return (
    <a className="peek" href="#result" aria-hidden="true" tabIndex={-1}>
      <b>{formatNumber(value)}</b> {unit}, {formatNumber(interval.low)} to {formatNumber(interval.high)}
    </a>
  );
}

function Sentence({ answer }: { readonly answer: PredictionView }): ReactNode {
  const { value, unit, interval } = answer;
  return (
    <div className="verdict-line">
      <p className="huge">
        {formatNumber(value)} {unit !== null && <small>{unit}</small>}
      </p>
      <p className="muted">
        {outOf(interval.level)} like this end between{' '}
        <strong>
          {formatNumber(interval.low)} and {withUnit(interval.high, unit)}
        </strong>
        .
      </p>
    </div>
  );
}

/** The range and the answer on a scale that stays while answers come and go; the average as a mark below. */
function RangeStrip({ answer }: { readonly answer: PredictionView }): ReactNode {
  const { low, high } = answer.interval;
  const scale = useGrowingScale(answer);
  const at = (value: number): string => `${placeOn(scale, value) * 100}%`;
  const width = `${(placeOn(scale, high) - placeOn(scale, low)) * 100}%`;
  return (
    <div className="strip" aria-hidden="true">
      <div className="strip-track">
        <i className="strip-range" style={{ left: at(low), width }} />
        <i className="strip-base" style={{ left: at(answer.baseline) }} />
        <i className="strip-mark" style={{ left: at(answer.value) }} />
      </div>
      <div className="strip-words">
        <span style={{ '--at': at(low) } as CSSProperties}>{formatNumber(low)}</span>
        <span style={{ '--at': at(high) } as CSSProperties}>{formatNumber(high)}</span>
      </div>
      <div className="strip-ends">
        <span>{formatNumber(scale.from)}</span>
        <span style={{ '--at': at(answer.baseline) } as CSSProperties}>
          average {formatNumber(answer.baseline)}
        </span>
        <span>{formatNumber(scale.to)}</span>
      </div>
    </div>
  );
}

function useGrowingScale(answer: PredictionView): Scale {
  const [kept, setKept] = useState<Scale>();
  const scale = scaleOver({ ...answer.interval, baseline: answer.baseline }, kept);
  if (scale.from !== kept?.from || scale.to !== kept.to) setKept(scale);
  return scale;
}
