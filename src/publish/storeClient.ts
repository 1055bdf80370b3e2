import { VaultError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { contentHash } from '../vault/canonical.ts';
import type { Content, Served } from '../vault/types.ts';
import { servedText, valuesAt } from './fillTemplate.ts';
import type { Verdict } from './judgeAnswer.ts';
import type { Target } from './readTarget.ts';
import type { OutRequest } from './sendOnce.ts';
import { sendPrompt } from './sendPrompt.ts';
import type { SentVersion } from './syncState.ts';

export type StoreResult = { attempts: number; verdict: Verdict | undefined; retryAfter?: string };
export type StoreOptions = { signal?: AbortSignal; maxAttempts?: number };

/** Who wrote meanwhile is read again, so often at most. */
const revisionTries = 3;
const maxValueBytes = 16 * 1024 * 1024;
const maxListBytes = 64 * 1024 * 1024;
const mostEmptyPages = 100;

/** Puts what production serves into a target. What the target says is in the result; fails only with CANCELLED. */
export function putValue(target: Target, served: Served, key: string, options: StoreOptions): Promise<StoreResult> {
  const isThere = (found: string) => differenceOf(found, served) === null;
  return withRevision(target, served, { build: () => target.put(served, key), isThere }, options);
}

/** Tells a target that a path has nothing any more. That it had nothing there is well too. */
export async function removeValue(
  target: Target,
  sent: SentVersion,
  key: string,
  options: StoreOptions,
): Promise<StoreResult> {
  if (target.remove(sent, key) === null) return { attempts: 0, verdict: undefined };
  const request = { build: () => target.remove(sent, key)!, isThere: () => false };
  const result = await withRevision(target, sent, request, options);
  const isGone = result.verdict?.status === 404 || result.verdict?.status === 410;
  return isGone ? { ...result, verdict: undefined } : result;
}

/** What a store that keeps revisions holds is named when it is replaced; if somebody was faster, the newer one is. */
async function withRevision(
  target: Target,
  about: SentVersion,
  { build, isThere }: { build(): OutRequest; isThere(found: string): boolean },
  options: StoreOptions,
): Promise<StoreResult> {
  const how = { ...options, reach: target.reach };
  let attempts = 0;
  for (let tries = 1; ; tries += 1) {
    let known: string | undefined;
    if (target.revision) {
      const found = await sendPrompt(() => target.get(about), { ...how, maxAnswerBytes: maxValueBytes });
      if (found.verdict && found.verdict.status !== 404) return { attempts: attempts + 1, verdict: found.verdict };
      // An answer that was lost on the way: what was sent is there.
      if (found.answer && !found.verdict && isThere(found.answer.body)) {
        return { attempts: attempts + 1, verdict: undefined };
      }
      known = found.verdict || !found.answer ? undefined : revisionIn(found.answer.body, target.revision.at);
    }
    const sent = await sendPrompt(() => naming(build(), target.revision?.param, known), how);
    attempts += sent.attempts;
    const isStale = sent.verdict?.status === 409 || sent.verdict?.status === 412;
    if (!target.revision || !isStale || tries === revisionTries) {
      return { attempts, verdict: sent.verdict, retryAfter: sent.answer?.retryAfter };
    }
  }
}

function revisionIn(body: string, at: string): string | undefined {
  const [value] = valuesAt(parse(body), at);
  return typeof value === 'string' ? value : undefined;
}

function naming(request: OutRequest, param: string | undefined, revision: string | undefined): OutRequest {
  if (param === undefined || revision === undefined) return request;
  request.url.searchParams.set(param, revision);
  return { ...request, headers: { ...request.headers, 'if-match': `"${revision}"` } };
}

/** What a target has at a path: its value as a text, or null for nothing. Fails with SYNC or CANCELLED. */
export async function readValue(target: Target, about: SentVersion, signal?: AbortSignal): Promise<string | null> {
  const how = { reach: target.reach, signal, maxAnswerBytes: maxValueBytes };
  const { verdict, answer } = await sendPrompt(() => target.get(about), how);
  if (verdict?.status === 404) return null;
  if (verdict || !answer) throw failed(verdict);
  if (target.read.at === undefined) return answer.body;
  const [value] = valuesAt(parse(answer.body), target.read.at);
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return target.read.base64 ? Buffer.from(text, 'base64').toString('utf8') : text;
}

/** All keys that begin with the target's prefix; null for a target that cannot be asked. Fails with SYNC or CANCELLED. */
export async function listKeys(target: Target, signal?: AbortSignal): Promise<string[] | null> {
  const { list } = target;
  if (!list) return null;
  const keys: string[] = [];
  let next: string | undefined;
  const asked = new Set<string>();
  let empty = 0;
  do {
    const how = { reach: target.reach, signal, maxAnswerBytes: maxListBytes };
    const page = next;
    const { verdict, answer } = await sendPrompt(() => target.listPage(page), how);
    if (verdict?.status === 404) return keys;
    if (verdict || !answer) throw failed(verdict);
    const found = list.xml ? tagsOf(answer.body, list.keysAt) : valuesAt(parse(answer.body), list.keysAt).map(String);
    // Not all at once: a call takes some hundred thousand arguments at most.
    for (const key of found) keys.push(list.base64 ? Buffer.from(key, 'base64').toString('utf8') : key);
    const more =
      list.next && (list.xml ? tagsOf(answer.body, list.next.at) : valuesAt(parse(answer.body), list.next.at));
    next = more?.[0] ? String(more[0]) : undefined;
    // Stores may answer some pages without a key before the last.
    empty = found.length === 0 ? empty + 1 : 0;
    if (next !== undefined && (asked.has(next) || empty > mostEmptyPages)) throw endless();
    asked.add(next ?? '');
  } while (next !== undefined);
  return keys.filter((key) => key.startsWith(target.prefix));
}

/** Why what a target has is not what production serves; null when it is. The hash is taken anew over what came. */
export function differenceOf(found: string, served: Served): string | null {
  if (found === servedText(served)) return null;
  let value: Partial<Served>;
  try {
    value = JSON.parse(found) as Partial<Served>;
  } catch {
    return 'another text';
  }
  if (value === null || typeof value !== 'object' || typeof value.hash !== 'string') return 'no prompt of PromptVault';
  let hash: string;
  try {
    hash = contentHash({ messages: value.messages, settings: value.settings, variables: value.variables } as Content);
  } catch {
    return 'no prompt of PromptVault';
  }
  if (hash !== value.hash) return 'its text was changed: it is not what its hash was taken over';
  if (hash !== served.hash) return 'another content';
  if (value.version !== served.version) return 'another version of the same content';
  return value.path === served.path ? null : 'the prompt of another path';
}

/** The version that a stored value says it is, for people. */
export function versionIn(found: string): string | null {
  try {
    const { version } = JSON.parse(found) as Partial<Served>;
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

const endless = () => new VaultError('SYNC', 'The target lists its keys without coming to an end', {});

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new VaultError('SYNC', 'The target answered something that is no JSON', {}, error);
  }
}

const letters: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const tagsOf = (xml: string, tag: string) =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, text = '']) =>
    text.replaceAll(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
      if (!name.startsWith('#')) return Object.hasOwn(letters, name) ? letters[name]! : whole;
      const code = Number(name[1] === 'x' ? `0${name.slice(1)}` : name.slice(1));
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }),
  );

const failed = (verdict: Verdict | undefined) =>
  new VaultError('SYNC', `The target could not be read: ${verdict?.error ?? 'no answer'}`, {
    ...(verdict?.status ? { status: verdict.status } : {}),
  });
