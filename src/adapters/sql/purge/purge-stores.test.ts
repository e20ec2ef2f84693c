import { purgeStoreContract } from '../../../tracking/purge-store.contract.ts';
import { runMovesContract } from '../../../tracking/run-moves.contract.ts';
import { runOwnersContract } from '../../../tracking/run-owners.contract.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { purgeStores } from './purge.fixture.ts';

const open = async () => purgeStores(await emptySqlite());

purgeStoreContract('sqlite', open);
runMovesContract('sqlite', open);
runOwnersContract('sqlite', open);
