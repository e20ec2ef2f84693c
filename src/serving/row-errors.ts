import { type ErrorDetail, PlatformError } from '../kernel/errors.ts';

/** Adds the row to the field names of an error. */
export function within<Value>(row: { readonly name?: string } | undefined, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (row?.name === undefined || !(error instanceof PlatformError)) throw error;
    throw new PlatformError(error.code, inRow(error.detail, row.name), { cause: error.cause });
  }
}

function inRow({ more, ...detail }: ErrorDetail, name: string): ErrorDetail {
  const { field } = detail;
  return {
    ...detail,
    field: field === 'request' ? name : `${name}${/^[A-Za-z_$]\S*$/.test(field) ? '.' : ' '}${field}`,
    ...(more && { more: more.map((one) => inRow(one, name)) }),
  };
}

/** Runs the code of the version; its errors are not the caller's fault. */
export function ownCode<Value>(field: string, run: () => Value): Value {
  try {
    return run();
  } catch (cause) {
    throw codeError(cause, field, 'code');
  }
}

/** What the code of a version threw, as an error of the project. @param part the part of the version that has the code */
export function codeError(cause: unknown, field: string, part: 'code' | 'trainer'): PlatformError {
  if (cause instanceof PlatformError) return cause;
  const remedy = `The ${part} of the version throws for this request: fix it in the project and train again.`;
  return new PlatformError('USER_CODE_FAILED', { field, value: String(cause), remedy }, { cause });
}
