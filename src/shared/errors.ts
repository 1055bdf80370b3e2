/** Every way a use case can fail. Doors map these to exit codes, HTTP statuses and messages; tests assert them. */
export const errorCodes = [
  'USAGE', // the call's words are wrong
  'INVALID_PATH', // details: { path }
  'INVALID_INPUT', // a value outside its type; details: { field }
  'BAD_FILE', // a file that cannot be read as what it says it is; details: { file, line?, reason }
  'FILE_NOT_FOUND', // details: { file }
  'VARIABLES', // details: { missing: string[], unknown: string[] }
  'RULE', // the button table says no; details: { stage, action, ref }
  'GATE', // the vault's gate says no; details: { ref, reasons: string[], runId }
  'NOT_FOUND', // details: { ref } or { path }
  'EXISTS', // details: { path }
  'CONFLICT', // stale write; details: { expected, actual: VersionRecord }
  'READ_ONLY', // the vault's file or folder cannot be written; details: { file }
  'BUSY', // another process holds the vault's lock too long
  'DAMAGED', // the vault fails its own checks; details: { file, problems? }
  'NEWER', // made by a newer PromptVault; details: { file, found, known }
  'FOREIGN', // a file that is not a vault; details: { file }
  'KEY_MISSING', // details: { vendor, variable }
  'PROVIDER', // a model's endpoint failed; details: { status?, vendor }
  'TRUNCATED', // a stream ended without its end marker
  'TIMEOUT', // nothing arrived for too long
  'JUDGE', // nobody can tell whether a check holds: its judge failed, or what it looks at is not known; details: { judge? }
  'SYNC', // a sync endpoint refused; details: { status? }
  'CANCELLED',
  'ENGINE_GONE', // the engine process ended while a call was open
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
export type ErrorDetails = { readonly [key: string]: unknown };

/** The one error of the product: a code from the closed set, a message that says what to do, details as plain JSON. */
export class VaultError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'VaultError';
    this.code = code;
    this.details = details;
  }
}

/** The code of any thrown value; what is not ours is INTERNAL. Reads the code, so it works across bundles and processes. */
export function codeOf(error: unknown): ErrorCode {
  const code = (error as { code?: unknown } | undefined)?.code;
  return errorCodes.includes(code as ErrorCode) ? (code as ErrorCode) : 'INTERNAL';
}

/** A thrown value as a VaultError; an AbortError becomes CANCELLED. */
export function toVaultError(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  const { name, message, details } = (error ?? {}) as { name?: string; message?: string; details?: ErrorDetails };
  if (name === 'AbortError') return new VaultError('CANCELLED', 'Cancelled', {}, error);
  return new VaultError(codeOf(error), message ?? String(error), details ?? {}, error);
}
