import { mirrorQueueContract } from '../../../exchange/mirror/queue.contract.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { mirrorStores } from './mirror.fixture.ts';

mirrorQueueContract('sqlite', async () => mirrorStores(await emptySqlite(), 'sqlite'));
