import { VaultError } from '../../shared/errors.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { Content } from '../../vault/types.ts';
import { compileContent } from '../../vault/variables.ts';
import { type Client, ClientError, type ClientWarning, type GetOptions, type Prompt } from './clientTypes.ts';
import type { Directory } from './directory.ts';
import { type Asked, checkServed, hashOf, type Known, type NamedSource, readAsked, shared } from './served.ts';

export type CacheOptions = {
  source: NamedSource;
  fallbacks: ReadonlyMap<string, Content>;
  directory: Directory | undefined;
  ttlMs: number;
  timeoutMs: number;
  retryMs: number;
  maxEntries: number;
  onWarning: ((warning: ClientWarning) => void) | undefined;
};

/** What is known of one prompt and selector. Times as `performance.now()` tells them. */
type Entry = {
  asked: Asked;
  known: Known | undefined;
  freshUntil: number;
  /** The one request under way and when it began; never rejects. */
  asking: Promise<void> | undefined;
  askedAt: number;
  /** Of the last request, undefined when it went well. */
  failure: ClientError | undefined;
  failures: number;
  /** A refresh waits until then. */
  pausedUntil: number;
  /** Since the last time that room was made. */
  used: boolean;
};
const longestPauseMs = 60_000;
/** In time limits: then a request is given up. At the edge it may have ended with the one that it was made for, without a word. */
const longestRequest = 10;

/** One request at a time for each prompt and selector, and its last good answer. */
export function createPromptCache(options: CacheOptions): Client {
  const { source, fallbacks, directory, ttlMs, timeoutMs, retryMs, maxEntries, onWarning } = options;
  const entries = new Map<string, Entry>();

  function open(key: string, asked: Asked): Entry {
    if (entries.size >= maxEntries) makeRoom();
    const entry: Entry = {
      asked,
      known: undefined,
      freshUntil: 0,
      asking: undefined,
      askedAt: 0,
      failure: undefined,
      failures: 0,
      pausedUntil: 0,
      used: true,
    };
    entries.set(key, entry);
    return entry;
  }

  /** Drops the oldest that was not used lately. */
  function makeRoom(): void {
    for (const [key, entry] of entries) {
      entries.delete(key);
      if (!entry.used) return;
      entry.used = false;
      entries.set(key, entry);
    }
  }

  function warn(kind: ClientWarning['kind'], path: string, error: ClientError): void {
    try {
      onWarning?.({ kind, path, error });
    } catch {
      // Whoever listens must not break what is told of.
    }
  }

  async function ask(key: string, entry: Entry): Promise<void> {
    const { asked } = entry;
    const kept = entry.known ?? (directory && (await recall(directory, asked)));
    try {
      // What was released under a number never changes.
      if (kept && asked.version !== null) return accept(entry, kept);
      const answer = await source.ask(asked, kept?.etag ?? null);
      const known = answer === 'same' ? kept! : { served: await checkServed(asked, answer.body), etag: answer.etag };
      accept(entry, known);
      if (known.served.hash !== kept?.served.hash || known.served.version !== kept.served.version) keep(asked, known);
    } catch (thrown) {
      const error = thrown instanceof ClientError ? thrown : new ClientError('REFUSED', String(thrown), {}, thrown);
      const wait = Math.min(retryMs * 2 ** entry.failures, longestPauseMs);
      entry.known ??= kept;
      entry.failure = error;
      entry.failures += 1;
      entry.pausedUntil = performance.now() + wait;
      if (entry.known) warn('refresh', asked.path, error);
      else if (fallbacks.has(asked.path)) warn('fallback', asked.path, error);
      // A path nobody released must not stay in memory.
      else if (entries.get(key) === entry) entries.delete(key);
    }
  }

  function accept(entry: Entry, known: Known): void {
    entry.known = known;
    entry.freshUntil = entry.asked.version === null ? performance.now() + ttlMs : Number.POSITIVE_INFINITY;
    entry.failure = undefined;
    entry.failures = 0;
    entry.pausedUntil = 0;
  }

  async function recall(from: Directory, asked: Asked): Promise<Known | undefined> {
    try {
      return await from.load(asked);
    } catch (error) {
      warn('directory', asked.path, error as ClientError);
      return undefined;
    }
  }

  function keep(asked: Asked, known: Known): void {
    directory?.save(asked, known).catch((error: ClientError) => warn('directory', asked.path, error));
  }

  function start(key: string, entry: Entry): void {
    const asking = ask(key, entry).finally(() => {
      if (entry.asking === asking) entry.asking = undefined;
    });
    entry.asking = asking;
    entry.askedAt = performance.now();
  }

  /** What to wait for: nothing when there is something to answer with, unless every get asks. */
  function refresh(key: string, entry: Entry): Promise<void> | undefined {
    const { known, failure, asked } = entry;
    const mustWait = known ? ttlMs === 0 : !(failure && fallbacks.has(asked.path));
    const now = performance.now();
    const underWay = entry.asking && now < entry.askedAt + longestRequest * timeoutMs;
    if (!underWay && (mustWait || now >= entry.pausedUntil)) start(key, entry);
    return mustWait ? entry.asking : undefined;
  }

  async function get(path: string, given: GetOptions = {}): Promise<Prompt> {
    const { range, version, variables } = given;
    const word = version ?? range;
    const key = word === undefined ? path : `${path}\n${word}`;
    const both = version !== undefined && range !== undefined;
    // Words that were refused are never stored, so only new ones have to be read.
    const entry = (both ? undefined : entries.get(key)) ?? open(key, readAsked(path, given));
    entry.used = true;
    if (entry.known && performance.now() < entry.freshUntil) return promptOf(entry.known, variables, 'fresh');
    const asking = refresh(key, entry);
    await asking;
    const fresh = asking !== undefined && !entry.failure;
    if (entry.known) return promptOf(entry.known, variables, fresh ? 'fresh' : 'stale');
    const fallback = fallbacks.get(path);
    if (!fallback) throw entry.failure!;
    return fallbackPrompt(path, fallback, variables);
  }
  return { get };
}

function promptOf(known: Known, values: GetOptions['variables'], age: 'fresh' | 'stale'): Prompt {
  const { path, version, hash, settings, variables } = known.served;
  const messages = values === undefined ? known.served.messages.map(copy) : render(known, values);
  return { path, version, hash, messages, settings, variables, isFallback: false, stale: age === 'stale' };
}

const copy = ({ role, content }: Prompt['messages'][number]) => ({ role, content });

function render(known: Known, values: NonNullable<GetOptions['variables']>): Prompt['messages'] {
  if (typeof values !== 'object' || values === null)
    throw new ClientError('INVALID_INPUT', 'variables must be an object of values by name', { field: 'variables' });
  known.render ??= compileContent(known.served);
  try {
    return known.render(values as JsonObject).messages;
  } catch (error) {
    if (error instanceof VaultError) throw new ClientError('VARIABLES', error.message, error.details, error);
    throw error;
  }
}

/** Values it has no place for are left out: it may say less than the prompt that the values are meant for. */
async function fallbackPrompt(path: string, content: Content, values: GetOptions['variables']): Promise<Prompt> {
  const hash = await hashOf(content);
  const declared = new Set(content.variables.map(({ name }) => name));
  const fitting = values && Object.fromEntries(Object.entries(values).filter(([name]) => declared.has(name)));
  const served = shared({ path, version: '0.0', hash, ...content });
  return { ...promptOf({ served, etag: null }, fitting, 'stale'), isFallback: true };
}
