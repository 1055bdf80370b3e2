import { parseDraftAddress } from './draftAddress.ts';

/** Which prompt or version a command is about. `vault` is the workspace folder's URI as text; absent means the active vault. */
export type PromptTarget = { vault?: string; path: string; version?: string };
export type VersionTarget = { vault?: string; path: string; version: string };
export type RevisionTarget = VersionTarget & { revision: number };
/** One side of a comparison: a prompt, a version or one of its revisions. */
export type SideTarget = PromptTarget & { revision?: number };
export type RunTarget = { vault?: string; id: string };
export type VaultTarget = { vault: string };
/** A sync target or a webhook, by its name. */
export type NamedTarget = { vault?: string; name: string };
export type DeliveryTarget = { vault?: string; id: number };
/** An access token of the served API, by its id. */
export type TokenTarget = { vault?: string; id: string };

/** What a command's argument may be. Tree nodes are such objects themselves; anything else counts as "not given". */
export type ArgumentTypes = {
  prompt: PromptTarget;
  version: VersionTarget;
  revision: RevisionTarget;
  side: SideTarget;
  run: RunTarget;
  vault: VaultTarget;
  target: NamedTarget;
  delivery: DeliveryTarget;
  token: TokenTarget;
  text: string;
  /** All selected rows, when a tree passes them. */
  prompts: PromptTarget[];
  uris: { fsPath: string }[];
};
export type ArgumentKind = keyof ArgumentTypes;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length < 4096;
const asRecord = (value: unknown) => (value && typeof value === 'object' ? (value as Record<string, unknown>) : {});

/** A ref as `path` or `path@2.3`, or an object with those fields. */
function asPrompt(value: unknown): PromptTarget | undefined {
  if (isText(value)) {
    const at = value.lastIndexOf('@');
    return at > 0 ? { path: value.slice(0, at), version: value.slice(at + 1) } : { path: value };
  }
  const { vault, path, version, scheme, query } = asRecord(value);
  if (!isText(path)) return undefined;
  // Menus of editors pass the document: a version as text names one, any other address is no prompt's.
  if (typeof scheme === 'string') return parseDraftAddress({ scheme, path, query: String(query) });
  return { path, ...(isText(vault) && { vault }), ...(isText(version) && { version }) };
}

function asVersion(value: unknown): VersionTarget | undefined {
  const target = asPrompt(value);
  return target?.version ? { ...target, version: target.version } : undefined;
}

function asRevision(value: unknown): RevisionTarget | undefined {
  const target = asVersion(value);
  const { revision } = asRecord(value);
  return target && Number.isInteger(revision) ? { ...target, revision: revision as number } : undefined;
}

function asRun(value: unknown): RunTarget | undefined {
  if (isText(value)) return { id: value };
  const { vault, id } = asRecord(value);
  return isText(id) ? { id, ...(isText(vault) && { vault }) } : undefined;
}

function asNamedTarget(value: unknown): NamedTarget | undefined {
  const { vault, name } = asRecord(value);
  return isText(name) ? { name, ...(isText(vault) && { vault }) } : undefined;
}

function asDelivery(value: unknown): DeliveryTarget | undefined {
  const { vault, id } = asRecord(value);
  return Number.isSafeInteger(id) ? { id: id as number, ...(isText(vault) && { vault }) } : undefined;
}

function asList<T>(value: unknown, parse: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(parse).filter((item) => item !== undefined);
  return items.length > 0 ? items : undefined;
}

const parsers: { [Kind in ArgumentKind]: (value: unknown) => ArgumentTypes[Kind] | undefined } = {
  prompt: asPrompt,
  version: asVersion,
  revision: asRevision,
  side: (value) => asRevision(value) ?? asPrompt(value),
  run: asRun,
  vault: (value) => (isText(asRecord(value).vault) ? { vault: asRecord(value).vault as string } : undefined),
  target: asNamedTarget,
  delivery: asDelivery,
  token: asRun,
  text: (value) => (isText(value) ? value : undefined),
  prompts: (value) => asList(value, asPrompt),
  uris: (value) =>
    asList(Array.isArray(value) ? value : [value], (item) => {
      const { fsPath } = asRecord(item);
      return isText(fsPath) ? { fsPath } : undefined;
    }),
};

/** Reads a command's arguments by kind. Commands can be called by anybody with anything: what does not fit is undefined. */
export function parseArguments(kinds: readonly ArgumentKind[], given: readonly unknown[]): unknown[] {
  return kinds.map((kind, index) => parsers[kind](given[index]));
}

/** `path@version`, or the path when no version is named. */
export function refOf(target: PromptTarget): string {
  return target.version ? `${target.path}@${target.version}` : target.path;
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
