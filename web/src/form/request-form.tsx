import { type FormEvent, type ReactNode, useId, useMemo, useRef } from 'react';
import { formatSeen, recordValue, type SeenView, unlikeSeen } from '../../../src/client/index.ts';
import { Control, rangeHint } from './controls.tsx';
import { type Draft, isNeeded, type Problems } from './draft.ts';
import type { Field } from './fields.ts';
import { arrange, type Placed } from './widgets.ts';

interface RequestFormProps {
  readonly fields: readonly Field[];
  readonly draft: Draft;
  readonly problems: Problems;
  /** What the live version saw of each field. */
  readonly seen: Readonly<Record<string, SeenView>>;
  /** Fields that the user changed; all of them after a submit. A field that is still empty has no warning before that. */
  readonly touched: (name: string) => boolean;
  readonly onChange: (name: string, value: string) => void;
  /** Called by the Predict button and Enter. The form then focuses the first field with a problem. */
  readonly onSubmit: () => Problems;
  /** The buttons. */
  readonly children: ReactNode;
}

/** A form made from a request's schema. */
export function RequestForm(props: RequestFormProps): ReactNode {
  const { fields, draft, problems, seen, touched, onChange, onSubmit, children } = props;
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const rows = useMemo(() => arrange(fields), [fields]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found = onSubmit();
    const first = fields.find(({ name }) => Object.hasOwn(found, name));
    if (first) form.current?.querySelector<HTMLElement>(`[id="${id}${first.name}"]`)?.focus();
  };
  return (
    <form ref={form} className="card request-form" onSubmit={submit} noValidate aria-label="Request">
      <div className="fields">
        {rows.map((row) => (
          <FieldRow
            key={row.field.name}
            id={id + row.field.name}
            placed={row}
            value={recordValue(draft, row.field.name) ?? ''}
            problem={recordValue(problems, row.field.name)}
            seen={recordValue(seen, row.field.name)}
            isTouched={touched(row.field.name)}
            onChange={(value) => onChange(row.field.name, value)}
          />
        ))}
      </div>
      {children}
    </form>
  );
}

/** A title such as 'Balls bowled' already names the unit. */
function unitAside({ title, unit }: Field): string | undefined {
  return unit !== undefined && title.toLowerCase().includes(unit.toLowerCase()) ? undefined : unit;
}

interface FieldRowProps {
  readonly id: string;
  readonly placed: Placed;
  readonly value: string;
  readonly problem: string | undefined;
  readonly seen: SeenView | undefined;
  readonly isTouched: boolean;
  readonly onChange: (value: string) => void;
}

function FieldRow({ id, placed, value, problem, seen, isTouched, onChange }: FieldRowProps): ReactNode {
  const { field, widget, wide } = placed;
  const isUntouched = value.trim() === '' && !isTouched;
  const warning = problem === undefined && !isUntouched ? unlikeSeen(seen, value, field) : undefined;
  const isAwaited = isUntouched && problem === undefined && isNeeded(field);
  const asides = [
    unitAside(field),
    formatSeen(seen, field) ?? rangeHint(field, widget),
    field.required || field.fallback !== undefined ? undefined : 'optional',
    isAwaited && 'needed',
  ];
  const described = [field.description && `${id}-hint`, problem && `${id}-problem`, warning && `${id}-seen`]
    .filter(Boolean)
    .join(' ');
  const heading = (
    <>
      <span id={`${id}-title`}>{field.title}</span>
      <span className="field-aside">{asides.filter(Boolean).join(' · ')}</span>
    </>
  );
  return (
    <div className={wide ? 'field wide' : 'field'}>
      {widget === 'segments' ? (
        <div className="field-title">{heading}</div>
      ) : (
        <label className="field-title" htmlFor={id}>
          {heading}
        </label>
      )}
      <Control
        widget={widget}
        id={id}
        field={field}
        value={value}
        describedBy={described || undefined}
        invalid={problem !== undefined}
        onChange={onChange}
      />
      <div className="field-notes">
        {field.description !== undefined && (
          <p className="hint" id={`${id}-hint`}>
            {field.description}
          </p>
        )}
        {problem !== undefined && (
          <p className="problem" id={`${id}-problem`}>
            {problem}
          </p>
        )}
        {warning !== undefined && (
          <p className="unlike" id={`${id}-seen`}>
            {warning}
          </p>
        )}
      </div>
    </div>
  );
}
