import { blobStoreContract } from './blob-store.contract.ts';
import { openTemporaryBlobStore } from './temporary-blob-store.contract.ts';

blobStoreContract('temporary', openTemporaryBlobStore);
