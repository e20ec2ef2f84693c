import { type ReactNode, useId, useState } from 'react';
import { PlatformError } from '../../../src/client/index.ts';
import { Dialog } from '../shell/dialog.tsx';
import { asErrorBody } from '../shell/error-body.ts';
import { ErrorNote } from '../shell/parts.tsx';
import { modelChanged } from './model-queries.ts';

interface MoveFormProps {
  readonly model: string;
  readonly title: string;
  /** 'Roll back to version 2' */
  readonly action: string;
  /** Whether a reason must be given. @default false */
  readonly needsReason?: boolean;
  /** Whether the action cannot be sent as it is. @default false */
  readonly isIncomplete?: boolean;
  /** @param why '' without a reason */
  readonly onMove: (why: string) => Promise<unknown>;
  readonly onClose: () => void;
  /** What it will do. */
  readonly children: ReactNode;
}

/** A dialog that says what a move of an alias will do, and does it. */
export function MoveForm(props: MoveFormProps): ReactNode {
  const {
    model,
    title,
    action,
    needsReason = false,
    isIncomplete = false,
    onMove,
    onClose,
    children,
  } = props;
  const hint = useId();
  const [why, setWhy] = useState('');
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const cannotMove = isBusy || isIncomplete || (needsReason && why.trim() === '');
  const move = async (): Promise<void> => {
    if (cannotMove) return;
    setBusy(true);
    setError(undefined);
    try {
      await onMove(why.trim());
      await modelChanged(model);
      onClose();
    } catch (failure) {
      if (!(failure instanceof Error)) throw failure;
      setError(failure);
      // Somebody else may have moved it: the dialog then says where it is now.
      if (failure instanceof PlatformError && failure.code === 'ALIAS_MOVED') await modelChanged(model);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void move();
        }}
      >
        {children}
        <label className="field">
          <span>Why{needsReason && ', which is required'}</span>
          <textarea
            name="why"
            aria-describedby={hint}
            rows={2}
            maxLength={1000}
            value={why}
            data-first-focus
            required={needsReason}
            onChange={(event) => setWhy(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void move();
            }}
          />
        </label>
        <p id={hint} className="faint field-hint">
          Kept in the history of the alias.
        </p>
        {error && <ErrorNote error={asErrorBody(error)} title="Nothing was changed." />}
        <div className="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" aria-disabled={cannotMove}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
