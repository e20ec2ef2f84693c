import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { capitalized, type EndpointView, type ErrorBody } from '../../../src/client/index.ts';
import { type Draft, draftOf, fieldNamed, type Problems, readDraft, visibleProblems } from '../form/draft.ts';
import { type Field, readFields } from '../form/fields.ts';
import { RequestForm } from '../form/request-form.tsx';
import { endpointQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';
import { ErrorNote } from '../shell/parts.tsx';
import { AskFromCode } from './ask-from-code.tsx';
import { About, NoneLive } from './about.tsx';
import { BatchCard } from './batch-card.tsx';
import { blockedBy } from './blocked.ts';
import { Peek, Result } from './result.tsx';
import { usePrediction, useDebounced } from './use-prediction.ts';
import { Why } from './why.tsx';
import './predict.css';

const route = getRouteApi('/apps/$endpoint');
const debounceMs = 180;

export function PredictPage(): ReactNode {
  const { endpoint: name } = route.useParams();
  const { data: endpoint } = useSuspenseQuery(endpointQuery(name));
  return (
    <Page
      title={endpoint.title}
      crumbs={[{ text: endpoint.project, project: endpoint.project }, { text: 'Predict' }]}
      simulated={endpoint.simulated}
    >
      <div className="heading">
        <h1>{endpoint.title}</h1>
        {endpoint.version !== null && (
          <span className="tag accent">
            {endpoint.name} v{endpoint.version}
          </span>
        )}
      </div>
      {endpoint.problem && (
        <ErrorNote
          error={endpoint.problem}
          title={`The version that @${endpoint.alias} points to cannot be served here.`}
        />
      )}
      {endpoint.version === null ? (
        <NoneLive endpoint={endpoint} />
      ) : (
        <>
          <Predictor key={name} endpoint={endpoint} />
          {endpoint.takesFiles && <BatchCard key={`${name} batch`} endpoint={endpoint} />}
        </>
      )}
    </Page>
  );
}

function Predictor({ endpoint }: { readonly endpoint: EndpointView }): ReactNode {
  const fields = useMemo(() => readFields(endpoint.request), [endpoint.request]);
  const { draft, edited, change, show } = useDraft(fields, endpoint);
  const debounced = useDebounced(draft, debounceMs);
  const reading = useMemo(() => readDraft(fields, debounced), [fields, debounced]);
  const [submitted, setSubmitted] = useState(false);
  const prediction = usePrediction({
    endpoint: endpoint.name,
    request: reading.request,
    explain: endpoint.explains,
  });
  const refused = refusalOf(prediction.error, fields);
  const problems = {
    ...(submitted ? reading.problems : visibleProblems(reading.problems ?? {}, debounced, edited)),
    ...refused,
  };
  const submit = (): Problems => {
    setSubmitted(true);
    const now = readDraft(fields, draft);
    if (prediction.error && now.request) prediction.retry();
    return now.problems ?? refused ?? {};
  };
  return (
    <>
      <About endpoint={endpoint} />
      <div className="predict">
        <div>
          <RequestForm
            fields={fields}
            draft={draft}
            problems={problems}
            seen={endpoint.seen}
            touched={(field) => submitted || edited.has(field)}
            onChange={change}
            onSubmit={submit}
          >
            <div className="actions">
              <button type="submit" className="primary">
                Predict
              </button>
              <ExampleButton endpoint={endpoint} onShow={(example) => show(draftOf(fields, example))} />
              <span className="faint">updates as you type</span>
            </div>
          </RequestForm>
          {prediction.latest && <Peek prediction={prediction.latest} />}
        </div>
        <div className="prediction">
          {prediction.error && !refused && (
            <ErrorNote error={prediction.error} title="The prediction failed" />
          )}
          <Result
            endpoint={endpoint}
            prediction={prediction.latest}
            current={prediction.current}
            blocked={blockedBy(fields, { all: reading.problems ?? refused ?? {}, visible: problems })}
          />
          {prediction.latest?.explanation && (
            <Why
              explanation={prediction.latest.explanation}
              prediction={prediction.latest}
              current={prediction.current}
            />
          )}
          {reading.request && <AskFromCode endpoint={endpoint.name} request={reading.request} />}
        </div>
      </div>
    </>
  );
}

/** The form's values: those of the address, or the first example. Changes are written to the address. */
function useDraft(fields: readonly Field[], endpoint: EndpointView) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const first = useMemo(() => draftOf(fields, endpoint.examples[0] ?? {}), [fields, endpoint.examples]);
  const [draft, setDraft] = useState<Draft>(() =>
    Object.keys(search).length === 0
      ? first
      : {
          ...draftOf(fields, {}),
          ...Object.fromEntries(Object.entries(search).filter(([name]) => name in first)),
        },
  );
  const debounced = useDebounced(draft, debounceMs);
  useEffect(() => {
    const given = Object.fromEntries(Object.entries(debounced).filter(([, value]) => value !== ''));
    void navigate({ search: debounced === first ? {} : given, replace: true, resetScroll: false });
  }, [debounced, first, navigate]);
  const [edited, setEdited] = useState<ReadonlySet<string>>(new Set());
  const change = (name: string, value: string): void => {
    setDraft((before) => ({ ...before, [name]: value }));
    setEdited((before) => new Set([...before, name]));
  };
  const show = (other: Draft): void => {
    setDraft(other);
    setEdited(new Set());
  };
  return { draft, edited, change, show };
}

interface ExampleButtonProps {
  readonly endpoint: EndpointView;
  readonly onShow: (example: EndpointView['examples'][number]) => void;
}

/** Each press shows the next example. */
function ExampleButton({ endpoint, onShow }: ExampleButtonProps): ReactNode {
  const [index, setIndex] = useState(0);
  const { examples } = endpoint;
  if (examples.length === 0) return null;
  const next = (index + 1) % examples.length;
  const showNext = (): void => {
    setIndex(next);
    const example = examples[next];
    if (example) onShow(example);
  };
  return (
    <button type="button" onClick={showNext}>
      {examples.length === 1 ? 'Example' : 'Next example'}
    </button>
  );
}

/** The server's error at the field that it names; undefined if the form has no such field. */
function refusalOf(error: ErrorBody | undefined, fields: readonly Field[]): Problems | undefined {
  if (error?.code !== 'INPUT_INVALID') return undefined;
  const field = fieldNamed(fields, error.detail.field);
  const { remedy } = error.detail;
  return field && { [field.name]: capitalized(remedy) };
}
