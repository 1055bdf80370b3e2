import { desc, eq } from 'drizzle-orm';
import { VaultError } from '../shared/errors.ts';
import type { ContentTexts } from './canonical.ts';
import { parseStored, type Reader } from './content.ts';
import type { Database } from './database.ts';
import { findRevision } from './drafts.ts';
import { type EventRow, toEvent } from './events.ts';
import { parsePath } from './paths.ts';
import { type PromptRow, revisions } from './schema.ts';
import type { History, Revision, VaultApi, VersionInfo, VersionRecord } from './types.ts';
import { type Found, findPrompt, resolveReference, tagsOf, toInfo, toRecord, versionsOf } from './versionRows.ts';

/** A version, as it was at a revision where one is given. Throws NOT_FOUND. */
export function recordAt(reader: Reader, found: Found, revision?: number): VersionRecord {
  if (revision === undefined) return toRecord(reader, found);
  const { contentHash, rationale, at, actor } = findRevision(reader, found, revision);
  const version = { ...found.version, contentHash, rationale, revision, updatedAt: at, updatedBy: actor };
  return toRecord(reader, { prompt: found.prompt, version });
}

/** What was: versions, the log, revisions. Versions come highest number first, events oldest first. */
export function historyUseCases(
  database: Database,
): Pick<VaultApi, 'show' | 'history' | 'revisions' | 'showRevision' | 'eventsAfter'> {
  function infosOf(prompt: PromptRow): VersionInfo[] {
    const rows = versionsOf(database, prompt.id);
    const stored = database.prepare(
      `SELECT hash, settings, variables FROM contents
       WHERE hash IN (SELECT content_hash FROM versions WHERE prompt_id = ?)`,
    );
    const byHash = new Map(stored.all<ContentTexts & { hash: string }>(prompt.id).map((row) => [row.hash, row]));
    const tags = tagsOf(database, prompt.id);
    const labels = new Map<number, string[]>();
    const labelled = database.prepare(
      `SELECT version_id AS id, label FROM version_labels
       WHERE version_id IN (SELECT id FROM versions WHERE prompt_id = ?) ORDER BY label`,
    );
    for (const { id, label } of labelled.all<{ id: number; label: string }>(prompt.id)) {
      labels.set(id, [...(labels.get(id) ?? []), label]);
    }
    return rows.map((version) => {
      const content = parseStored(version.contentHash, byHash.get(version.contentHash));
      return toInfo({ prompt, version }, content, { tags, labels: labels.get(version.id) ?? [] });
    });
  }
  const eventsOf = (promptId: number) =>
    database.prepare('SELECT * FROM events WHERE prompt_id = ? ORDER BY seq').all<EventRow>(promptId).map(toEvent);

  /** A prompt that is gone still has its story; one that moved says where. */
  function pastOf(path: string): History {
    const last = database
      .prepare('SELECT prompt_id FROM events WHERE path = ? AND prompt_id IS NOT NULL ORDER BY seq DESC LIMIT 1')
      .get<{ prompt_id: number }>(path);
    if (!last) throw new VaultError('NOT_FOUND', `There is no prompt ${path}. "promptvault list" shows all`, { path });
    const now = database.prepare('SELECT path FROM prompts WHERE id = ?').pluck().get<string>(last.prompt_id);
    if (now === undefined) return { path, versions: [], events: eventsOf(last.prompt_id) };
    throw new VaultError('NOT_FOUND', `${path} was moved to ${now}`, { path, movedTo: now });
  }
  return {
    show: ({ ref }) => database.read(() => toRecord(database, resolveReference(database, ref))),
    history: ({ path }) =>
      database.read(() => {
        const prompt = findPrompt(database, parsePath(path).path);
        return prompt ? { path, versions: infosOf(prompt), events: eventsOf(prompt.id) } : pastOf(path);
      }),
    revisions: ({ ref }) =>
      database.read(() => {
        const { version } = resolveReference(database, ref);
        const rows = database.orm
          .select()
          .from(revisions)
          .where(eq(revisions.versionId, version.id))
          .orderBy(desc(revisions.revision))
          .all();
        return rows.map(
          ({ revision, contentHash: hash, at, actor, rationale }): Revision => ({
            revision,
            hash,
            at,
            actor,
            rationale,
          }),
        );
      }),
    showRevision: ({ ref, revision }) =>
      database.read(() => recordAt(database, resolveReference(database, ref), revision)),
    eventsAfter: ({ seq, limit = 1000 }) =>
      database.read(() =>
        database
          .prepare('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?')
          .all<EventRow>(seq, limit)
          .map(toEvent),
      ),
  };
}
