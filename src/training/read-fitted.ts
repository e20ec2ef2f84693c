import { PlatformError } from '../kernel/errors.ts';
import type { Fitted } from '../project/models/trainer.ts';

/** Reads the files of a fit as `open` does those of a version. @throws PlatformError USER_CODE_FAILED for another name */
export function readFitted(trainer: string, files: Fitted['files']): (name: string) => Promise<Uint8Array> {
  return async (name) => {
    const file = files.find((each) => each.name === name);
    if (file) return file.bytes;
    throw new PlatformError('USER_CODE_FAILED', {
      field: `open of trainer ${trainer}`,
      value: name,
      remedy: '`fit` returns no such file',
    });
  };
}
