import { desc, eq } from 'drizzle-orm';
import { attributeSentences } from './attribute.ts';
import type { Reader } from './content.ts';
import type { Database } from './database.ts';
import { formatVersion } from './references.ts';
import { type RevisionRow, revisions, type VersionRow } from './schema.ts';
import { type KnownLines, sentenceKeys, splitSentences } from './sentences.ts';
import type { BlameOrigin, BlameResult, VaultApi } from './types.ts';
import { type Found, namedContent, resolveReference, versionsOf } from './versionRows.ts';

/** A version and its revisions, newest first, beginning with the one that the next version was copied from. */
type Link = { version: VersionRow; revisions: [RevisionRow, ...RevisionRow[]] };

/**
 * Blame goes back along `copiedFrom`, not along the numbers: a rollback has its sentences from the version it brought back.
 * First the version that brought a sentence is found, then the revision of it, so that a sentence somebody took out of a
 * draft and put back belongs to the version that had it first.
 */
export function blameUseCases(database: Database): Pick<VaultApi, 'blame'> {
  return {
    blame: ({ ref }) =>
      database.read(() => {
        const found = resolveReference(database, ref);
        return blame(database, found, chainOf(database, found));
      }),
  };
}

function revisionsOf(reader: Reader, { id }: VersionRow): RevisionRow[] {
  return reader.orm.select().from(revisions).where(eq(revisions.versionId, id)).orderBy(desc(revisions.revision)).all();
}

/** Newest first. A version that was deleted is stepped over: the log still says what it was copied from. */
function chainOf(reader: Reader, { prompt, version }: Found): Link[] {
  const rows = new Map(versionsOf(reader, prompt.id).map((row) => [formatVersion(row), row]));
  const logged = reader
    .prepare(
      `SELECT json_extract(details, '$.copiedFrom') FROM events
       WHERE prompt_id = ? AND kind = 'version.created' AND version = ?`,
    )
    .pluck();
  const parentOf = (row: VersionRow): VersionRow | undefined => {
    let name: string | null | undefined = row.copiedFrom;
    // A number is never given twice and copies are made of what is there, so this ends.
    while (name && !rows.has(name)) name = logged.get<string | null>(prompt.id, name);
    return name ? rows.get(name) : undefined;
  };
  const link = (row: VersionRow, from: RevisionRow[]): Link => {
    const [newest, ...rest] = from;
    return { version: row, revisions: [newest!, ...rest] };
  };
  const chain = [link(version, revisionsOf(reader, version))];
  for (let row = parentOf(version); row; row = parentOf(row)) {
    const child = chain.at(-1)!.revisions.at(-1)!;
    const own = revisionsOf(reader, row);
    // Row ids grow with each save; clocks may go back.
    const earlier = own.filter(({ id }) => id < child.id);
    const copied = earlier.findIndex(({ contentHash }) => contentHash === child.contentHash);
    const from = earlier.slice(Math.max(0, copied));
    chain.push(link(row, from.length > 0 ? from : own));
  }
  return chain;
}

function blame(reader: Reader, { prompt, version }: Found, chain: Link[]): BlameResult {
  const contentOf = (link: Link, { contentHash }: RevisionRow) =>
    namedContent(reader, { path: prompt.path, version: formatVersion(link.version), hash: contentHash });
  const known: KnownLines = new Map();
  const keysOf = (link: Link, revision: RevisionRow) => sentenceKeys(contentOf(link, revision).messages, known);

  function* versionStates() {
    for (const link of chain) yield keysOf(link, link.revisions[0]);
  }
  const brought = attributeSentences(versionStates());

  /** The revisions of a version that brought something, newest first, and where in them its sentences came in. */
  const stepsOf = (state: number) => {
    const { revisions: all, ...link } = chain[state]!;
    const own = all.filter(({ contentHash }, i) => contentHash !== all[i + 1]?.contentHash);
    // The first is the copy of another version: what is not from there came in later.
    if (own.length > 1 && own.at(-1)!.contentHash === chain[state + 1]?.revisions[0].contentHash) own.pop();
    function* states() {
      for (const revision of own) yield keysOf({ ...link, revisions: all }, revision);
    }
    return { own, steps: own.length > 1 ? attributeSentences(states()) : [] };
  };
  const steps = new Map([...new Set(brought.map(({ state }) => state))].map((state) => [state, stepsOf(state)]));
  const saved = brought.map(({ state, place }) => {
    const { own, steps: inside } = steps.get(state)!;
    return { state, version: chain[state]!.version, revision: own[inside[place]?.state ?? 0]! };
  });

  const oldestFirst = [...new Map(saved.map((one) => [one.revision.id, one])).values()].sort(
    (a, b) => b.state - a.state || a.revision.revision - b.revision.revision,
  );
  const indexes = new Map(oldestFirst.map(({ revision }, index) => [revision.id, index]));
  let next = 0;
  const messages = contentOf(chain[0]!, chain[0]!.revisions[0]).messages.map(({ role, content }) => ({
    role,
    sentences: splitSentences(content).map((text) => ({ text, origin: indexes.get(saved[next++]!.revision.id)! })),
  }));
  return {
    path: prompt.path,
    version: formatVersion(version),
    stage: version.stage,
    hash: version.contentHash,
    chain: chain.map((link) => formatVersion(link.version)).reverse(),
    origins: oldestFirst.map(({ version: from, revision }) => toOrigin(from, revision)),
    messages,
  };
}

function toOrigin(version: VersionRow, { revision, at, actor, rationale }: RevisionRow): BlameOrigin {
  return {
    version: formatVersion(version),
    stage: version.stage,
    revision,
    at,
    author: actor,
    rationale: rationale || version.rationale,
  };
}
