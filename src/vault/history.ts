import { VaultError } from '../shared/errors.ts';
import { parseStored, type Reader } from './content.ts';
import type { Database } from './database.ts';
import { findRevision } from './drafts.ts';
import { type EventRow, toEvent } from './events.ts';
import { parsePath } from './paths.ts';
import { parseVersionNumber, type VersionNumber } from './references.ts';
import type { PromptRow, VersionRow } from './schema.ts';
import type { SqlValue } from './statements.ts';
import type { History, HistoryQuery, Revision, VaultApi, VaultEvent, VersionInfo, VersionRecord } from './types.ts';
import { type Found, findPrompt, resolveReference, tagsOf, toInfo, toRecord, versionColumns } from './versionRows.ts';
import { wholeNumber } from './wholeNumber.ts';

/** A version, as it was at a revision where one is given. Throws NOT_FOUND. */
export function recordAt(reader: Reader, found: Found, revision?: number): VersionRecord {
  if (revision === undefined) return toRecord(reader, found);
  const { contentHash, rationale, at, actor } = findRevision(reader, found, revision);
  const version = { ...found.version, contentHash, rationale, revision, updatedAt: at, updatedBy: actor };
  return toRecord(reader, { prompt: found.prompt, version });
}

type Page<Item> = { items: Item[]; more: boolean };
type StoryRow = VersionRow & { settings: string | null; variables: string; labels: string };

const pageSize = 200;
/** Versions below a number, each with what it says of itself in lists. Binds the prompt's id, the number and how many. */
const someVersions = `
  SELECT v.*, c.settings, c.variables,
    (SELECT json_group_array(label) FROM (SELECT label FROM version_labels WHERE version_id = v.id ORDER BY label)) AS labels
  FROM (SELECT ${versionColumns} FROM versions WHERE prompt_id = ? AND (major, minor) < (?, ?)
    ORDER BY major DESC, minor DESC LIMIT ?) AS v
  LEFT JOIN contents AS c ON c.hash = v.contentHash ORDER BY v.major DESC, v.minor DESC`;
const someEvents = 'SELECT * FROM events WHERE prompt_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?';
const someRevisions = `SELECT revision, content_hash AS hash, at, actor, rationale FROM revisions
  WHERE version_id = ? AND revision < ? ORDER BY revision DESC LIMIT ?`;

/** What was: versions, the log, revisions, each a page at a time. */
export function historyUseCases(
  database: Database,
): Pick<VaultApi, 'show' | 'history' | 'revisions' | 'showRevision' | 'eventsAfter'> {
  /** One more is read than asked for, to know whether there are others. */
  function pageOf<Row>(sql: string, limit: number, ...values: SqlValue[]): Page<Row> {
    const rows = database.prepare(sql).all<Row>(...values, limit + 1);
    return { items: rows.slice(0, limit), more: rows.length > limit };
  }
  function versionsOf(prompt: PromptRow, { versionLimit = pageSize, versionsBefore }: HistoryQuery): Page<VersionInfo> {
    const limit = wholeNumber('versionLimit', versionLimit);
    const { major, minor } = numberBefore(versionsBefore);
    const { items, more } = pageOf<StoryRow>(someVersions, limit, prompt.id, major, minor);
    const tags = tagsOf(database, prompt.id);
    const infos = items.map(({ settings, variables, labels, ...version }) => {
      const content = parseStored(version.contentHash, settings === null ? undefined : { settings, variables });
      return toInfo({ prompt, version }, content, { tags, labels: JSON.parse(labels) });
    });
    return { items: infos, more };
  }
  function eventsOf(promptId: number, { eventLimit = pageSize, eventsBefore }: HistoryQuery): Page<VaultEvent> {
    const limit = wholeNumber('eventLimit', eventLimit);
    const before = wholeNumber('eventsBefore', eventsBefore ?? Number.MAX_SAFE_INTEGER);
    const { items, more } = pageOf<EventRow>(someEvents, limit, promptId, before);
    return { items: items.reverse().map(toEvent), more };
  }
  function storyOf(query: HistoryQuery, promptId: number, versions: Page<VersionInfo>): History {
    const events = eventsOf(promptId, query);
    const more = { versions: versions.more, events: events.more };
    return { path: query.path, versions: versions.items, events: events.items, more };
  }

  /** A prompt that is gone still has its story; one that moved says where. */
  function pastOf(query: HistoryQuery): History {
    const { path } = query;
    const last = database
      .prepare('SELECT prompt_id FROM events WHERE path = ? AND prompt_id IS NOT NULL ORDER BY seq DESC LIMIT 1')
      .get<{ prompt_id: number }>(path);
    if (!last) throw new VaultError('NOT_FOUND', `There is no prompt ${path}. "promptvault list" shows all`, { path });
    const now = database.prepare('SELECT path FROM prompts WHERE id = ?').pluck().get<string>(last.prompt_id);
    if (now === undefined) return storyOf(query, last.prompt_id, { items: [], more: false });
    throw new VaultError('NOT_FOUND', `${path} was moved to ${now}`, { path, movedTo: now });
  }
  return {
    show: ({ ref }) => database.read(() => toRecord(database, resolveReference(database, ref))),
    history: (query) =>
      database.read(() => {
        const prompt = findPrompt(database, parsePath(query.path).path);
        return prompt ? storyOf(query, prompt.id, versionsOf(prompt, query)) : pastOf(query);
      }),
    revisions: ({ ref, limit = pageSize, before = Number.MAX_SAFE_INTEGER }) =>
      database.read(() => {
        const { version } = resolveReference(database, ref);
        const page = [wholeNumber('before', before), wholeNumber('limit', limit)];
        return database.prepare(someRevisions).all<Revision>(version.id, ...page);
      }),
    showRevision: ({ ref, revision }) =>
      database.read(() => recordAt(database, resolveReference(database, ref), revision)),
    eventsAfter: ({ seq, limit = 1000 }) =>
      database.read(() =>
        database
          .prepare('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?')
          .all<EventRow>(seq, wholeNumber('limit', limit))
          .map(toEvent),
      ),
  };
}

/** Where a page of versions ends; above all numbers unless told. Throws INVALID_INPUT. */
function numberBefore(version: string | undefined): VersionNumber {
  if (version === undefined) return { major: Number.MAX_SAFE_INTEGER, minor: 0 };
  const number = parseVersionNumber(version);
  if (number) return number;
  throw new VaultError('INVALID_INPUT', `"${version}" is no version's number, such as 2.3`, {
    field: 'versionsBefore',
  });
}
