import { getTableColumns } from 'drizzle-orm';
import maxSatisfying from 'semver/ranges/max-satisfying.js';
import { toVaultError, VaultError } from '../shared/errors.ts';
import { type Reader, readContent } from './content.ts';
import { parsePath } from './paths.ts';
import { formatVersion, parseReference, type Selector } from './references.ts';
import { type PromptRow, prompts, type VersionRow, versions } from './schema.ts';
import type { SqlValue } from './statements.ts';
import type { Content, VersionInfo, VersionRecord } from './types.ts';

type Selected = Exclude<Selector, { kind: 'none' }>;
/** A prompt and one of its versions, as rows. */
export type Found = { prompt: PromptRow; version: VersionRow };

/** `path@2.3` */
export const refOf = ({ prompt, version }: Found): string => `${prompt.path}@${formatVersion(version)}`;

/** All columns of a table under drizzle's names for them. Written as text, since every use case asks these statements. */
const columnsOf = (table: typeof prompts | typeof versions) =>
  Object.entries(getTableColumns(table))
    .map(([key, { name }]) => `${name} AS ${key}`)
    .join(', ');
const onePrompt = `SELECT ${columnsOf(prompts)} FROM prompts WHERE path = ?`;
/** Of `versions`, also for `RETURNING`. */
export const versionColumns = columnsOf(versions);
const itsVersions = `SELECT ${versionColumns} FROM versions WHERE prompt_id = ?`;
const highestFirst = 'ORDER BY major DESC, minor DESC';

export function findPrompt(reader: Reader, path: string): PromptRow | undefined {
  return reader.prepare(onePrompt).get<PromptRow>(path);
}

/** Throws INVALID_PATH or NOT_FOUND. */
export function requirePrompt(reader: Reader, path: string): PromptRow {
  const prompt = findPrompt(reader, parsePath(path).path);
  if (!prompt) throw new VaultError('NOT_FOUND', `There is no prompt ${path}. "promptvault list" shows all`, { path });
  return prompt;
}

export function tagsOf(reader: Reader, promptId: number): string[] {
  return reader.prepare('SELECT tag FROM prompt_tags WHERE prompt_id = ? ORDER BY tag').pluck().all<string>(promptId);
}

export function labelsOf(reader: Reader, versionId: number): string[] {
  return reader
    .prepare('SELECT label FROM version_labels WHERE version_id = ? ORDER BY label')
    .pluck()
    .all<string>(versionId);
}

/** All versions of a prompt, highest number first. */
export function versionsOf(reader: Reader, promptId: number): VersionRow[] {
  return reader.prepare(`${itsVersions} ${highestFirst}`).all<VersionRow>(promptId);
}

function pick(reader: Reader, promptId: number, selector: Selected): VersionRow | undefined {
  const first = (filter: string, ...values: SqlValue[]) =>
    reader.prepare(`${itsVersions} ${filter} ${highestFirst} LIMIT 1`).get<VersionRow>(promptId, ...values);
  switch (selector.kind) {
    case 'latest':
      return first('');
    case 'stage':
      return first('AND stage = ?', selector.stage);
    case 'number':
      return first('AND major = ? AND minor = ?', selector.major, selector.minor);
    case 'range': {
      const released = versionsOf(reader, promptId).filter(({ stage }) => stage === 'PRD' || stage === 'RET');
      const best = maxSatisfying(
        released.map((row) => `${formatVersion(row)}.0`),
        selector.range,
      );
      return released.find((row) => `${formatVersion(row)}.0` === best);
    }
  }
}

/** What `path[@selector]` means; without a selector `otherwise` holds, the highest number unless told. Throws NOT_FOUND. */
export function resolveReference(reader: Reader, ref: string, otherwise: Selected = { kind: 'latest' }): Found {
  const { path, selector } = parseReference(ref);
  const prompt = requirePrompt(reader, path);
  const version = pick(reader, prompt.id, selector.kind === 'none' ? otherwise : selector);
  if (version) return { prompt, version };
  throw new VaultError('NOT_FOUND', `No version of ${path} fits ${ref}. "promptvault history ${path}" shows all`, {
    ref,
  });
}

/** One version as it is handed out. */
export function toRecord(reader: Reader, { prompt, version }: Found): VersionRecord {
  const content = contentOf(reader, { prompt, version });
  const words = { tags: tagsOf(reader, prompt.id), labels: labelsOf(reader, version.id) };
  const info = toInfo({ prompt, version }, content, words);
  return { ...info, description: prompt.description, messages: content.messages };
}

/** The content of a version; DAMAGED names the version. */
export function contentOf(reader: Reader, { prompt, version }: Found): Content {
  return namedContent(reader, { path: prompt.path, version: formatVersion(version), hash: version.contentHash });
}

export function namedContent(reader: Reader, name: { path: string; version: string; hash: string }): Content {
  try {
    return readContent(reader, name.hash);
  } catch (error) {
    const { code, message } = toVaultError(error);
    throw new VaultError(code, `${name.path}@${name.version}: ${message}`, { ...name }, error);
  }
}

export function toInfo(
  found: Found,
  content: Pick<Content, 'settings' | 'variables'>,
  words: Pick<VersionInfo, 'tags' | 'labels'>,
): VersionInfo {
  const { prompt, version } = found;
  return {
    path: prompt.path,
    title: prompt.title,
    version: formatVersion(version),
    stage: version.stage,
    hash: version.contentHash,
    revision: version.revision,
    settings: content.settings,
    variables: content.variables,
    ...words,
    rationale: version.rationale,
    copiedFrom: version.copiedFrom,
    rollbackOf: version.rollbackOf,
    createdAt: version.createdAt,
    createdBy: version.createdBy,
    updatedAt: version.updatedAt,
    updatedBy: version.updatedBy,
    deployedAt: version.deployedAt,
    retiredAt: version.retiredAt,
    replacedBy: version.replacedBy,
  };
}
