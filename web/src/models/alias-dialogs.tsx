import { type ReactNode, Suspense } from 'react';
import type { RegisteredModelView } from '../../../src/client/index.ts';
import { useMay } from '../shell/use-may.ts';
import type { AliasSearch } from './models-search.ts';
import { PromoteDialog } from './promote-dialog.tsx';
import { RemoveDialog, RollbackDialog } from './rollback-dialog.tsx';

interface AliasDialogsProps {
  readonly model: RegisteredModelView;
  readonly search: AliasSearch;
  readonly onClose: () => void;
}

/** The search of an address without a dialog. */
export const closedDialogs = { promote: undefined, alias: undefined, rollback: undefined, remove: undefined };

/** The dialog that an address opens, for those who may move aliases. The page stays while it loads. */
export function AliasDialogs(props: AliasDialogsProps): ReactNode {
  const may = useMay('deploy');
  return may && <Suspense fallback={null}>{dialogOf(props)}</Suspense>;
}

function dialogOf({ model, search, onClose }: AliasDialogsProps): ReactNode {
  const version = Number(search.promote);
  if (search.promote !== undefined && Number.isSafeInteger(version) && version > 0)
    return <PromoteDialog model={model} version={version} alias={search.alias} onClose={onClose} />;
  if (search.rollback !== undefined)
    return <RollbackDialog model={model} alias={search.rollback} onClose={onClose} />;
  if (search.remove !== undefined)
    return <RemoveDialog model={model} alias={search.remove} onClose={onClose} />;
  return null;
}
