/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** Values of a prompt's variables by name. What is no text is rendered as JSON. */
export type Values = { readonly [name: string]: Json | undefined };
/** Prompts nobody has typed: any path, any values. */
export type AnyPrompts = { [path: string]: Values };

export type Message = { role: 'system' | 'user' | 'assistant'; content: string };
export type Variable = { readonly name: string; readonly default?: string; readonly description?: string };

/** What is used when the source never answered: a text is one user message. Variables are its placeholders unless declared. */
export type Fallback =
  | string
  | {
      readonly messages: readonly Message[];
      readonly settings?: { readonly [name: string]: Json };
      readonly variables?: readonly Variable[];
    };

/** What the application runs. */
export type Prompt = {
  path: string;
  /** Such as "2.3"; "0.0", which no vault has, for a fallback. */
  version: string;
  /** SHA-256 of the content before rendering: `sha256:…`. */
  hash: string;
  /** Rendered when values were given. The caller's own copies. */
  messages: Message[];
  /** Of the model: `model`, `temperature`, … Frozen. */
  settings: { readonly [name: string]: Json };
  /** Frozen. */
  variables: readonly Variable[];
  /** The source never answered: this is what the application declared in `fallback`. */
  isFallback: boolean;
  /** Older than `ttlMs`: a newer one is being asked for, or could not be had. */
  stale: boolean;
};

export type Source =
  /** A server: an origin with an optional path, as `promptvault serve` tells it. Any runtime with fetch. */
  | { url: string; token?: string | undefined }
  /** What `promptvault bundle` wrote: the object itself, or the file's name or `file:` URL, which is read again when it changes. */
  | { bundle: object | string }
  /** A vault's file, asked through `promptvault get`. `command` is how to call it when it is not on the PATH. */
  | { vault: string; command?: readonly [string, ...string[]] };

export type ClientOptions<Prompts extends object = AnyPrompts> = {
  source: Source;
  /** How long an answer counts as fresh, in ms: 60,000 unless told; 0 asks at every get, once for those that wait together. Exact versions never age. */
  ttlMs?: number;
  /** What to use, by path, when the source cannot be asked and never answered before. */
  fallback?: { readonly [Path in keyof Prompts & string]?: Fallback };
  /** A folder in which the last good answers outlive the process. Made when missing; its texts are as secret as the prompts. */
  directory?: string;
  /**
   * In the place of the runtime's own. Without it Node asks a server at `http://localhost` or another address of this machine by
   * node:http, which is faster, unless somebody replaced `fetch` or its dispatcher; every other server is asked by `fetch`.
   */
  fetch?: typeof globalThis.fetch;
  /** For one request with its answer, in ms: 5,000 unless told. */
  timeoutMs?: number;
  /** Before a failed refresh is tried again, in ms: 1,000 unless told, doubled by every failure up to a minute. */
  retryMs?: number;
  /** Prompts kept in memory: 10,000 unless told. */
  maxEntries?: number;
  /** Told of what failed without failing a get. */
  onWarning?: (warning: ClientWarning) => void;
};

/** `refresh`: the last good answer stays in use; `fallback`: the declared one is; `directory`: nothing is kept there, or not used. */
export type ClientWarning = { kind: 'refresh' | 'fallback' | 'directory'; path: string; error: ClientError };

export type GetOptions<Variables = Values> = {
  /** The highest released version in a semver range, such as "^2". What is in production unless told. */
  range?: string;
  /** Exactly this released version, such as "2.3". */
  version?: string;
  /** Values to render with. Without them the messages come with their placeholders. */
  variables?: Variables;
};

export type Client<Prompts extends object = AnyPrompts> = {
  /**
   * The version in production, or the one asked for. Throws ClientError: NOT_FOUND when nothing released fits, VARIABLES
   * with `details.missing` and `details.unknown`, INVALID_INPUT for wrong words; and, when nothing is known yet and there is
   * no fallback, what kept the source from answering.
   */
  get<Path extends keyof Prompts & string>(path: Path, options?: GetOptions<Prompts[Path]>): Promise<Prompt>;
};

export type ClientErrorCode =
  | 'INVALID_INPUT' // a wrong option, path, range or version
  | 'VARIABLES' // details: { missing: string[], unknown: string[] }
  | 'NOT_FOUND' // nothing released fits
  | 'UNAUTHORIZED' // the token is missing, wrong or not allowed to
  | 'TIMEOUT' // no whole answer in `timeoutMs`
  | 'UNREACHABLE' // no connection, no file, no command
  | 'REFUSED' // any other answer; details: { status?, code?, retryAfterMs? }
  | 'BAD_ANSWER' // not what a vault answers
  | 'TAMPERED' // the content is not the one its hash was taken over
  | 'UNSUPPORTED'; // the runtime has no files, no processes or no SHA-256

/** The one error of the client: a code from the closed set, and details as plain JSON. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  readonly details: { readonly [key: string]: unknown };

  constructor(
    code: ClientErrorCode,
    message: string,
    details: { readonly [key: string]: unknown } = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ClientError';
    this.code = code;
    this.details = details;
  }
}
