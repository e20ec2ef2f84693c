import type { CSSProperties, ReactNode } from 'react';
import { formatExact, numberForm } from '../../../src/client/index.ts';
import { allowedOf, localTime } from './draft.ts';
import type { Field, NumberField } from './fields.ts';
import { segmentsOf, type Widget } from './widgets.ts';

export interface ControlProps {
  readonly id: string;
  readonly field: Field;
  readonly value: string;
  /** Ids of its hint and its problem. */
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly onChange: (value: string) => void;
}

/** The control of a field: a native one, so that the keyboard and screen readers work. */
export function Control({ widget, ...props }: ControlProps & { readonly widget: Widget }): ReactNode {
  switch (widget) {
    case 'segments':
      return <Segments {...props} />;
    case 'select':
      return <Select {...props} />;
    case 'slider':
      return <Slider {...props} />;
    case 'switch':
      return <Switch {...props} />;
    case 'json':
      return <JsonText {...props} />;
    case 'input':
      return props.field.kind === 'number' ? <NumberBox {...props} /> : <TextBox {...props} />;
  }
}

function accessibility({ id, describedBy, invalid, field }: ControlProps) {
  return {
    id,
    name: field.name,
    'aria-describedby': describedBy,
    'aria-invalid': invalid || undefined,
    'aria-required': field.required || undefined,
  };
}

function Segments(props: ControlProps): ReactNode {
  const { id, field, value, onChange } = props;
  return (
    <div
      className="segments"
      role="radiogroup"
      aria-labelledby={`${id}-title`}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid || undefined}
    >
      {segmentsOf(field).map((segment, index) => (
        <label key={segment.value}>
          <input
            type="radio"
            id={index === 0 ? id : undefined}
            name={field.name}
            value={segment.value}
            checked={value === segment.value}
            onChange={() => onChange(segment.value)}
          />
          <span>{segment.text}</span>
        </label>
      ))}
    </div>
  );
}

function Select(props: ControlProps): ReactNode {
  const { field, value, onChange } = props;
  const options = field.kind === 'choice' ? field.options : [];
  const emptyText = field.required ? 'Choose' : 'Not given';
  return (
    <select {...accessibility(props)} value={value} onChange={(event) => onChange(event.target.value)}>
      {(value === '' || !field.required) && <option value="">{emptyText}</option>}
      {options.map(({ key, text }) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </select>
  );
}

function Slider(props: ControlProps): ReactNode {
  const field = props.field as NumberField;
  const { value, onChange } = props;
  const { minimum = 0, maximum = 100 } = field;
  const step = field.step ?? niceStep(maximum - minimum);
  const number = value === '' ? minimum : Number(value);
  const share = Math.min(1, Math.max(0, (number - minimum) / (maximum - minimum || 1)));
  return (
    <div className="slider">
      <input
        type="range"
        aria-labelledby={`${props.id}-title`}
        min={minimum}
        max={maximum}
        step={step}
        value={Number.isFinite(number) ? number : minimum}
        style={{ '--share': `${share * 100}%` } as CSSProperties}
        onChange={(event) => onChange(event.target.value)}
      />
      <NumberBox {...props} />
    </div>
  );
}

function NumberBox(props: ControlProps): ReactNode {
  return (
    <input
      {...accessibility(props)}
      type="text"
      inputMode={(props.field as NumberField).whole ? 'numeric' : 'decimal'}
      autoComplete="off"
      placeholder={props.field.required ? undefined : 'not given'}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      onKeyDown={(event) => {
        const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (direction === undefined) return;
        event.preventDefault();
        props.onChange(stepped(props.field as NumberField, props.value, direction));
      }}
    />
  );
}

/** The next value up or down, within the field's bounds. */
function stepped(field: NumberField, text: string, direction: number): string {
  const { minimum = -Infinity, maximum = Infinity, step = 1 } = field;
  const from = Number.isFinite(Number(text)) ? Number(text) : 0;
  return String(Number(Math.min(maximum, Math.max(minimum, from + direction * step)).toPrecision(12)));
}

function TextBox(props: ControlProps): ReactNode {
  const { field, id } = props;
  if (field.kind !== 'text') return null;
  const hasList = field.suggestions.length > 0;
  const asShown = field.input === 'datetime-local' ? localTime : (text: string): string => text;
  return (
    <>
      <input
        {...accessibility(props)}
        type={field.input}
        list={hasList ? `${id}-list` : undefined}
        autoComplete="off"
        placeholder={field.required ? undefined : 'not given'}
        value={asShown(props.value)}
        onChange={(event) => props.onChange(event.target.value)}
      />
      {hasList && (
        <datalist id={`${id}-list`}>
          {field.suggestions.map((text) => (
            <option key={text} value={asShown(text)}>
              {asShown(text)}
            </option>
          ))}
        </datalist>
      )}
    </>
  );
}

function Switch(props: ControlProps): ReactNode {
  const on = props.value === 'true';
  return (
    <label className="switch">
      <input
        {...accessibility(props)}
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => props.onChange(String(event.target.checked))}
      />
      <span className="track" aria-hidden="true" />
      <span>{on ? 'Yes' : 'No'}</span>
    </label>
  );
}

function JsonText(props: ControlProps): ReactNode {
  return (
    <textarea
      {...accessibility(props)}
      rows={3}
      spellCheck={false}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}

/** About a hundred steps, each 1, 2 or 5 times a power of ten. */
function niceStep(range: number): number {
  const rough = range / 100;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return Number((factor * power).toPrecision(6));
}

/** The range of a number, unless the control shows it. */
export function rangeHint(field: Field, widget: Widget): string | undefined {
  if (field.kind !== 'number' || widget === 'segments') return undefined;
  const { name, minimum, maximum, unit = null } = field;
  if (minimum !== undefined && maximum !== undefined)
    return [minimum, maximum]
      .map((bound) => formatExact(bound, numberForm({ name, unit, range: [minimum, maximum] })))
      .join(minimum < 0 ? ' to ' : '–');
  return minimum === undefined && maximum === undefined
    ? undefined
    : allowedOf(field).replace(/^a (whole )?number (of )?/, '');
}
