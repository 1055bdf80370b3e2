import { type ErrorCode, toVaultError, type VaultError } from '../shared/errors.ts';

/** How the API says that a request failed: RFC 9457, with the product's own code. */
export type Problem = {
  status: number;
  title: string;
  detail: string;
  /** An error code of the vault, or one of HTTP's own. */
  code: ErrorCode | HttpCode;
  /** What the code's details are, where they may be told. */
  details?: { readonly [key: string]: unknown };
  headers?: { readonly [name: string]: string };
};
type HttpCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'METHOD_NOT_ALLOWED'
  | 'NO_SUCH_ADDRESS'
  | 'WRONG_HOST'
  | 'TOO_LARGE'
  | 'NOT_JSON'
  | 'IF_MATCH_MISSING'
  | 'TOO_MANY_REQUESTS'
  | 'TOO_MANY_STREAMS'
  | 'ISSUER_AWAY';

/** Status per error of the vault. What is not named here is 500, and its message is not told. */
const byCode: { readonly [Code in ErrorCode]?: readonly [status: number, title: string] } = {
  USAGE: [400, 'The request cannot be understood'],
  INVALID_PATH: [400, 'That is no path of a prompt'],
  INVALID_INPUT: [400, 'A value is outside of its type'],
  VARIABLES: [422, 'The values do not fit the variables'],
  RULE: [403, 'The stage does not allow it'],
  GATE: [403, 'The gate does not allow it'],
  NOT_FOUND: [404, 'There is no such prompt or version'],
  EXISTS: [409, 'It exists already'],
  // Everything a client may write is conditional: on the revision it read, or on the file still being there.
  CONFLICT: [412, 'Somebody else was first'],
  READ_ONLY: [403, 'The vault cannot be written here'],
  BUSY: [503, 'The vault is busy'],
  FILE_NOT_FOUND: [503, 'The vault is away'],
  DAMAGED: [503, 'The vault is damaged'],
  NEWER: [503, 'The vault is newer than this server'],
  FOREIGN: [503, 'The vault is away'],
  ENGINE_GONE: [503, 'The server is shutting down'],
  CANCELLED: [503, 'The request was cancelled'],
};
/** Where messages and details name files of the server's machine. */
const kept: readonly number[] = [500, 503];

/** A refusal of the server itself, to be thrown or answered. */
export class HttpProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'HttpProblem';
    this.problem = problem;
  }
}

/** What was thrown, as an answer. */
export function toProblem(error: unknown): Problem {
  if (error instanceof HttpProblem) return error.problem;
  return fromVault(toVaultError(error));
}

function fromVault({ code, message, details }: VaultError): Problem {
  const [status, title] = byCode[code] ?? [500, 'The server failed'];
  if (kept.includes(status)) {
    const headers: Problem['headers'] = status === 503 ? { 'retry-after': '1' } : {};
    return { status, title, code, detail: `${title}. The log of the server says more`, headers };
  }
  return { status, title, code, detail: withoutCommands(message) || title, details: toldOf(code, details) };
}

/** What to type at a terminal is no help to who asks over HTTP: sentences that name a command are left out. */
function withoutCommands(message: string): string {
  const sentences = message.split(/(?<=\.) /);
  return sentences.filter((sentence) => !sentence.includes('"promptvault ')).join(' ');
}

/** A conflict's details hold the newer version whole; that and the place of the file are not told. */
function toldOf(code: ErrorCode, details: Problem['details']): Problem['details'] {
  if (code === 'READ_ONLY') return undefined;
  const {
    actual,
    file: _file,
    ...told
  } = (details ?? {}) as { actual?: { version?: string; revision?: number }; file?: string };
  return actual ? { ...told, actual: { version: actual.version, revision: actual.revision } } : told;
}

/** `title` is told as the detail too unless there is more to say. */
export function refusal(
  status: number,
  code: HttpCode,
  title: string,
  more: { detail?: string; headers?: Problem['headers'] } = {},
): HttpProblem {
  return new HttpProblem({ status, code, title, detail: more.detail ?? title, headers: more.headers });
}
