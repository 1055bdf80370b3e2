import type { Readable, Writable } from 'node:stream';
import type { Engine, OpenEngineOptions } from '../engine/engine.ts';

/** The process around a call, so that nothing below reaches for globals. */
export type CliIo = {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable;
  stderr: Writable & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
  /** Absolute. */
  cwd: string;
};
/** Accepted on every verb, before or after it. */
export type GlobalOptions = { vault?: string; json?: boolean; actor?: string };

/** What a verb answers: `json` with --json, else `text`. `exit` is 0 unless told. `json` is undefined for what has printed its value already. */
export type Answer = { json: unknown; text: string; exit?: number };

export type Call<Options> = {
  /** The words after the verb, in order. */
  args: string[];
  options: Options & GlobalOptions;
  io: CliIo;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
  /** Opens the vault of this call; it is closed when the verb has answered. */
  engine(mode?: OpenEngineOptions['mode'], more?: Pick<OpenEngineOptions, 'delivers'>): Promise<Engine>;
  /** A line for the person, on stderr. */
  say(line: string): void;
};

export type OptionKind = 'flag' | 'text' | 'list' | 'count' | 'number' | 'stage';
/** `flags` as commander writes them: `--file <file>`. */
export type VerbOption = { flags: string; kind: OptionKind; about: string };

export type Verb<Options = object> = {
  /** Name and arguments as commander writes them: `new <path>`. */
  usage: string;
  /** Heading in the help. */
  group: string;
  summary: string;
  /** More about it, for its own help page. */
  detail?: string;
  options?: readonly VerbOption[];
  /** Whole command lines that work. */
  examples: readonly string[];
  run(call: Call<Options>): Promise<Answer>;
};

/** Runs a verb with the words and options that were given. */
export type RunVerb = (verb: Verb, args: string[], options: GlobalOptions) => Promise<void>;
