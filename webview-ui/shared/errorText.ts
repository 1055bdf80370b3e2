import { codeOf, type ErrorCode } from '../../src/shared/errors.ts';

export type Failure = { code: ErrorCode; message: string; details: { readonly [key: string]: unknown } };

export function failureOf(error: unknown): Failure {
  const { message, details } = error as { message?: string; details?: Failure['details'] };
  return { code: codeOf(error), message: message ?? String(error), details: details ?? {} };
}
