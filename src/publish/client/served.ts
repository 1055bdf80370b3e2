import satisfies from 'semver/functions/satisfies.js';
import { VaultError } from '../../shared/errors.ts';
import { canonicalText, contentTexts } from '../../vault/canonicalText.ts';
import { formatVersion, parseReference } from '../../vault/references.ts';
import { type Content, roles, type Served } from '../../vault/types.ts';
import type { compileContent } from '../../vault/variables.ts';
import { ClientError } from './clientTypes.ts';
import { sha256 } from './platform.ts';

/** What a get is about. `version` is exact, `range` a semver range; null both means production. */
export type Asked = { path: string; version: string | null; range: string | null };
/** An answer checked against its hash, and the server's tag for it. `render` is made when it is first needed. */
export type Known = { served: Served; etag: string | null; render?: Render };
export type Render = ReturnType<typeof compileContent>;
/** Asks for one prompt; `etag` is that of an answer at hand, and 'same' says that it still holds. Fails with ClientError. */
export type AskSource = (asked: Asked, etag: string | null) => Promise<{ body: unknown; etag: string | null } | 'same'>;
/** `name` tells sources apart that share a directory; it holds no secret. */
export type NamedSource = { name: string; ask: AskSource };

/** The words of a get, checked. Throws INVALID_INPUT. */
export function readAsked(path: string, { range, version }: { range?: string; version?: string }): Asked {
  if (range !== undefined && version !== undefined)
    throw new ClientError('INVALID_INPUT', 'Give a range or a version, not both', { field: 'range' });
  const word = range ?? version;
  if (String(path).includes('@'))
    throw new ClientError('INVALID_INPUT', `Give "${path}" as a path and a range or version`, { field: 'path' });
  const { selector } = parse(word === undefined ? path : `${path}@${word}`);
  if (selector.kind === 'number') return { path, version: formatVersion(selector), range: null };
  if (selector.kind === 'none' || (selector.kind === 'stage' && selector.stage === 'PRD'))
    return { path, version: null, range: null };
  if (selector.kind === 'range' && version === undefined) return { path, version: null, range: word!.trim() };
  const [field, example] = version === undefined ? ['range', '"^2"'] : ['version', '"2.3"'];
  const message = `"${word}" is no ${field} of released versions; write it like ${example}`;
  throw new ClientError('INVALID_INPUT', message, { field });
}

function parse(ref: string) {
  try {
    return parseReference(ref);
  } catch (error) {
    const { message, details } = error as VaultError;
    throw new ClientError('INVALID_INPUT', message, details, error);
  }
}

/** `path@selector` as the vault writes it. */
export function refOf({ path, version, range }: Asked): string {
  const selector = version ?? range;
  return selector === null ? path : `${path}@${selector}`;
}

/** An answer as what was asked for. Throws BAD_ANSWER when it is something else, TAMPERED when its hash does not hold. */
export async function checkServed(asked: Asked, body: unknown): Promise<Served> {
  const { path, version, hash, messages, settings, variables } = (body ?? {}) as Partial<Served>;
  const shaped =
    path === asked.path &&
    typeof version === 'string' &&
    typeof hash === 'string' &&
    Array.isArray(messages) &&
    messages.every((message) => roles.includes(message?.role) && typeof message.content === 'string') &&
    typeof settings === 'object' &&
    settings !== null &&
    Array.isArray(variables) &&
    variables.every((variable) => typeof variable?.name === 'string') &&
    fits(asked, version);
  if (!shaped)
    throw new ClientError('BAD_ANSWER', `The answer is not ${refOf(asked)} as a vault serves it`, { path: asked.path });
  const content = { messages, settings, variables };
  const found = hashOf(content);
  // Waiting for what is there already would take longer than making it.
  if ((typeof found === 'string' ? found : await found) !== hash) {
    const message = `The text of ${path} v${version} is not the one that was released: its hash does not hold`;
    throw new ClientError('TAMPERED', message, { path, version, hash });
  }
  return shared({ path, version, hash, ...content });
}

const fits = ({ version, range }: Asked, found: string): boolean =>
  version === null ? range === null || satisfies(`${found}.0`, range) : version === found;

/** Identity of a content, as the vault has it. Throws BAD_ANSWER for what is no content. */
export function hashOf(content: Content): string | Promise<string> {
  const digest = sha256(canonicalOf(content));
  return typeof digest === 'string' ? `sha256:${digest}` : digest.then((text) => `sha256:${text}`);
}

function canonicalOf(content: Content): string {
  try {
    return canonicalText(contentTexts(content));
  } catch (error) {
    if (error instanceof VaultError) throw new ClientError('BAD_ANSWER', error.message, error.details, error);
    throw error;
  }
}

/** All who get the prompt get these very settings and variables; of its messages each gets copies. */
export function shared(served: Served): Served {
  deepFreeze(served.settings);
  deepFreeze(served.variables);
  return served;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
