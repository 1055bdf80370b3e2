import { and, eq, max } from 'drizzle-orm';
import { VaultError } from '../shared/errors.ts';
import { checkText, completeContent, storeContent } from './content.ts';
import type { Database, WriteTx } from './database.ts';
import { requireAllowed } from './lifecycle.ts';
import { formatVersion, type VersionNumber } from './references.ts';
import { type PromptRow, revisions, type VersionRow, versionNumbers, versions } from './schema.ts';
import { indexPrompt } from './searchIndex.ts';
import type { Content, DraftEdit, EventKind, VaultApi } from './types.ts';
import { contentOf, type Found, refOf, resolveReference, toRecord, versionColumns } from './versionRows.ts';

type Origin = { rationale: string; copiedFrom: string | null; rollbackOf: string | null };
type Save = { hash: string; rationale: string };

/** Compare-and-set: throws CONFLICT with what is there now when it is not what the writer read. */
export function requireRevision(tx: WriteTx, found: Found, expected: number | undefined): void {
  if (expected === undefined || expected === found.version.revision) return;
  const message =
    `Somebody saved ${refOf(found)} in the meantime ` +
    `(revision ${found.version.revision}, you read ${expected}). Compare, then save again on top of it`;
  throw new VaultError('CONFLICT', message, { expected, actual: toRecord(tx, found) });
}

/** The same for the content: two branches may each have their own text under one revision. */
function requireHash(tx: WriteTx, found: Found, expected: string | undefined): void {
  if (expected === undefined || expected === found.version.contentHash) return;
  const name = `${found.prompt.path}@${formatVersion(found.version)}`;
  const message = `${name} holds another text than the one you read. Compare, then save again on top of it`;
  throw new VaultError('CONFLICT', message, { expected, actual: toRecord(tx, found) });
}

const insertSql = `INSERT INTO versions (prompt_id, major, minor, stage, content_hash, revision, rationale, copied_from,
    rollback_of, created_at, created_by, updated_at, updated_by)
  VALUES (?, ?, ?, 'DEV', ?, 1, ?, ?, ?, ?, ?, ?, ?) RETURNING ${versionColumns}`;

/** A new DEV version with its first revision and its event. */
export function insertVersion(
  tx: WriteTx,
  target: { prompt: PromptRow; number: VersionNumber; hash: string },
  origin: Origin,
) {
  const { prompt, number, hash } = target;
  const { major, minor } = number;
  const { rationale, copiedFrom, rollbackOf } = origin;
  const made = [tx.at, tx.actor, tx.at, tx.actor];
  const row = tx
    .prepare(insertSql)
    .get<VersionRow>(prompt.id, major, minor, hash, rationale, copiedFrom, rollbackOf, ...made)!;
  insertRevision(tx, row);
  tx.appendEvent({
    kind: 'version.created',
    promptId: prompt.id,
    path: prompt.path,
    version: formatVersion(number),
    reason: origin.rationale || null,
    details: { hash, copiedFrom: origin.copiedFrom, rollbackOf: origin.rollbackOf },
  });
  return row;
}

function insertRevision(tx: WriteTx, { id, revision, contentHash, rationale }: VersionRow): void {
  tx.prepare(
    'INSERT INTO revisions (version_id, revision, content_hash, rationale, at, actor) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(id, revision, contentHash, rationale, tx.at, tx.actor);
}

/** Saves a draft as its next revision and keeps the one before; what changes nothing writes nothing. */
export function saveDraft(tx: WriteTx, found: Found, save: Save): VersionRow {
  const { version } = found;
  if (save.hash === version.contentHash && save.rationale === version.rationale) return version;
  const row = tx.orm
    .update(versions)
    .set({
      contentHash: save.hash,
      rationale: save.rationale,
      revision: version.revision + 1,
      updatedAt: tx.at,
      updatedBy: tx.actor,
    })
    .where(eq(versions.id, version.id))
    .returning()
    .get();
  insertRevision(tx, row);
  return row;
}

/** After a write: the time of the last change, and the search. */
export function touchPrompt(tx: WriteTx, promptId: number): void {
  tx.prepare('UPDATE prompts SET updated_at = ? WHERE id = ?').run(tx.at, promptId);
  // At the end, since the index writes what it holds to disk at each savepoint, and once however often it is asked.
  tx.beforeCommit(`index ${promptId}`, () => indexPrompt(tx, promptId));
}

/** The next number that was never given: in the same major, or the first of the next major. */
export function nextNumber(
  tx: Pick<Database, 'orm'>,
  promptId: number,
  step: { after: number } | 'major',
): VersionNumber {
  if (step === 'major') {
    const row = tx.orm
      .select({ highest: max(versionNumbers.major) })
      .from(versionNumbers)
      .where(eq(versionNumbers.promptId, promptId))
      .get();
    return { major: row!.highest! + 1, minor: 0 };
  }
  const row = tx.orm
    .select()
    .from(versionNumbers)
    .where(and(eq(versionNumbers.promptId, promptId), eq(versionNumbers.major, step.after)))
    .get();
  return { major: step.after, minor: row!.highest + 1 };
}

function editedContent(before: Content, edit: DraftEdit): Content {
  const { messages = before.messages, settings = before.settings, variables = before.variables } = edit;
  return completeContent({ messages, settings, variables }, before.messages);
}

/** Editing in place, going back to a revision, new versions and deleting them. */
export function draftUseCases(
  database: Database,
): Pick<VaultApi, 'edit' | 'restoreRevision' | 'createVersion' | 'nextVersion' | 'deleteVersion'> {
  /** Resolves a draft that may be edited and was not changed since it was read. */
  function openDraft(tx: WriteTx, ref: string, expectRevision: number | undefined): Found {
    const found = resolveReference(tx, ref);
    requireAllowed(found.version.stage, 'edit', refOf(found));
    requireRevision(tx, found, expectRevision);
    return found;
  }
  function finish(
    tx: WriteTx,
    found: Found,
    event: { save: Save; kind: EventKind; reason: string | null; details: object },
  ) {
    const version = saveDraft(tx, found, event.save);
    if (version !== found.version) {
      touchPrompt(tx, found.prompt.id);
      tx.appendEvent({
        kind: event.kind,
        promptId: found.prompt.id,
        path: found.prompt.path,
        version: formatVersion(version),
        reason: event.reason,
        details: { ...event.details, revision: version.revision, hash: version.contentHash },
      });
    }
    return toRecord(tx, { prompt: found.prompt, version });
  }
  return {
    edit: (edit) =>
      database.write((tx) => {
        const found = openDraft(tx, edit.ref, edit.expectRevision);
        requireHash(tx, found, edit.expectHash);
        const rationale =
          edit.rationale === undefined ? found.version.rationale : checkText('rationale', edit.rationale);
        const hash = storeContent(tx, editedContent(contentOf(tx, found), edit));
        const reason = edit.rationale || null;
        return finish(tx, found, { save: { hash, rationale }, kind: 'version.edited', reason, details: {} });
      }),
    restoreRevision: ({ ref, revision, expectRevision }) =>
      database.write((tx) => {
        const found = openDraft(tx, ref, expectRevision);
        const old = findRevision(tx, found, revision);
        const save = { hash: old.contentHash, rationale: found.version.rationale };
        return finish(tx, found, { save, kind: 'version.restored', reason: null, details: { restored: revision } });
      }),
    createVersion: ({ ref, major, rationale }) =>
      database.write((tx) => {
        const { prompt, version: source } = resolveReference(tx, ref);
        requireAllowed(source.stage, 'createVersion', refOf({ prompt, version: source }));
        const number = nextNumber(tx, prompt.id, major ? 'major' : { after: source.major });
        const version = insertVersion(
          tx,
          { prompt, number, hash: source.contentHash },
          { rationale: checkText('rationale', rationale ?? ''), copiedFrom: formatVersion(source), rollbackOf: null },
        );
        touchPrompt(tx, prompt.id);
        return toRecord(tx, { prompt, version });
      }),
    nextVersion: ({ ref, major }) =>
      database.read(() => {
        const { prompt, version: source } = resolveReference(database, ref);
        return formatVersion(nextNumber(database, prompt.id, major ? 'major' : { after: source.major }));
      }),
    deleteVersion: ({ ref, expectRevision }) =>
      database.write((tx) => {
        const { prompt, version: row } = resolveReference(tx, ref);
        requireAllowed(row.stage, 'delete', refOf({ prompt, version: row }));
        requireRevision(tx, { prompt, version: row }, expectRevision);
        const version = formatVersion(row);
        const about = { promptId: prompt.id, path: prompt.path };
        tx.orm.delete(versions).where(eq(versions.id, row.id)).run();
        tx.appendEvent({ kind: 'version.deleted', ...about, version, details: { hash: row.contentHash } });
        const left = tx.orm.select({ id: versions.id }).from(versions).where(eq(versions.promptId, prompt.id)).get();
        if (left) {
          touchPrompt(tx, prompt.id);
        } else {
          tx.prepare('DELETE FROM prompt_tags WHERE prompt_id = ?').run(prompt.id);
          tx.prepare('DELETE FROM prompts WHERE id = ?').run(prompt.id);
          tx.appendEvent({ kind: 'prompt.deleted', ...about });
        }
        return { path: prompt.path, version, promptDeleted: !left };
      }),
  };
}

/** Throws NOT_FOUND. */
export function findRevision(reader: Pick<Database, 'orm'>, { prompt, version }: Found, revision: number) {
  const row = reader.orm
    .select()
    .from(revisions)
    .where(and(eq(revisions.versionId, version.id), eq(revisions.revision, revision)))
    .get();
  if (row) return row;
  const ref = refOf({ prompt, version });
  throw new VaultError('NOT_FOUND', `${ref} has no revision ${revision}; its newest is ${version.revision}`, {
    ref,
    revision,
  });
}
