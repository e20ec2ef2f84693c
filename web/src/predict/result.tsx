import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EndpointView, PredictionView } from '../../../src/client/index.ts';
import { Copy } from '../shell/parts.tsx';
import { formatCertainty, formatPrediction } from '../text/prediction.ts';
import { RangeStrip } from './range-strip.tsx';
import { Value } from './value.tsx';

interface ResultProps {
  readonly endpoint: EndpointView;
  readonly prediction: PredictionView | undefined;
  /** Whether it is for the form's present values. */
  readonly current: boolean;
  /** The fields without which there is no prediction, in words. */
  readonly blocked: string | undefined;
}

/** The prediction with its certainty and range. */
export function Result({ endpoint, prediction, current, blocked }: ResultProps): ReactNode {
  return (
    <section
      className={current || !prediction ? 'card result' : 'card result old'}
      aria-label="Result"
      id="result"
    >
      <header>
        <h2>{endpoint.target.title}</h2>
        {blocked !== undefined && <span className="tag warn">{blocked}</span>}
      </header>
      <div aria-live="polite" aria-atomic="true">
        {prediction ? (
          <Value prediction={prediction} />
        ) : (
          <p className="muted">Fill in the form to see the prediction.</p>
        )}
      </div>
      {prediction && (
        <>
          {prediction.kind === 'number' && prediction.interval && (
            <RangeStrip
              value={prediction.prediction}
              interval={prediction.interval}
              baseline={prediction.explanation?.baseline}
            />
          )}
          <footer>
            <span className="tag accent">
              {prediction.model} v{prediction.version}
            </span>
            {prediction.cached && <span className="tag">from the cache</span>}
            <span className="faint id">
              <code title={prediction.predictionId}>{prediction.predictionId}</code>
              <Copy text={prediction.predictionId} what="the prediction's id" />
            </span>
            <Link
              className="trace"
              to="/predictions/$prediction"
              params={{ prediction: prediction.predictionId }}
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

/** The prediction in short, for screens that show the result below the form. */
export function Peek({ prediction }: { readonly prediction: PredictionView }): ReactNode {
  const certainty = formatCertainty(prediction);
  return (
    <a className="peek" href="#result" aria-hidden="true" tabIndex={-1}>
      <b>{formatPrediction(prediction)}</b>
      {certainty !== undefined && `, ${certainty}`}
    </a>
  );
}
