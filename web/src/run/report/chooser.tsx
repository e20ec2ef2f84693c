import { type ReactNode, useId } from 'react';

interface ChooserProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly title: string }[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

/** A labelled select in the head of a card. */
export function Chooser({ label, options, value, onChoose }: ChooserProps): ReactNode {
  const id = useId();
  return (
    <span className="report-chooser">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.title}
          </option>
        ))}
      </select>
    </span>
  );
}
