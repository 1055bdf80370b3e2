import { codeOf, VaultError } from '../shared/errors.ts';
import { canonicalSql } from './canonical.ts';
import { openContent } from './content.ts';
import type { Database } from './database.ts';
import { formatVersion, type VersionNumber } from './references.ts';
import type { Statement } from './statements.ts';
import type { Served, VaultApi } from './types.ts';
import { renderContent } from './variables.ts';
import { contentOf, namedContent, resolveReference } from './versionRows.ts';

type LiveRow = VersionNumber & { hash: string; canonical: string };

/** CROSS JOIN keeps this order; a plain join SQLite would plan anew at each call. */
const liveSql = `SELECT c.hash, ${canonicalSql} AS canonical, v.major, v.minor
  FROM (SELECT major, minor, content_hash FROM versions INDEXED BY versions_served
    WHERE stage = 'PRD' AND prompt_id = (SELECT id FROM prompts WHERE path = ?)) AS v
  CROSS JOIN contents AS c ON c.hash = v.content_hash`;

/** What is in production under a plain path, which is what applications ask all day. Undefined: ask the long way. */
function findLive(database: Database, live: Statement, ref: string): Served | undefined {
  // What stands in the table is a valid path, so nothing is checked before.
  if (typeof ref !== 'string' || ref.includes('@')) return undefined;
  const row = database.readOnce(() => live.get<LiveRow>(ref));
  if (!row) return undefined;
  try {
    const { messages, settings, variables } = openContent(row.hash, row.canonical);
    return { path: ref, version: formatVersion(row), hash: row.hash, messages, settings, variables };
  } catch (error) {
    // The long way says of which version.
    if (codeOf(error) === 'DAMAGED') return undefined;
    throw error;
  }
}

/** The released version that `ref` means, PRD unless it says otherwise. */
function findReleased(database: Database, ref: string): Served {
  const { prompt, version } = resolveReference(database, ref, { kind: 'stage', stage: 'PRD' });
  const number = formatVersion(version);
  if (version.stage !== 'PRD' && version.stage !== 'RET') {
    const message = `${prompt.path}@${number} is ${version.stage}; only released versions are served. Promote it to PRD first`;
    throw new VaultError('NOT_FOUND', message, { ref });
  }
  const release = { path: prompt.path, version: number, hash: version.contentHash };
  return { ...release, ...namedContent(database, release) };
}

/** What applications and previews ask for: rendered messages and the released version. */
export function servingUseCases(database: Database): Pick<VaultApi, 'render' | 'renderContent' | 'get'> {
  const live = database.prepare(liveSql);
  return {
    render: ({ ref, values }) =>
      database.read(() => renderContent(contentOf(database, resolveReference(database, ref)), values)),
    renderContent: ({ content, values }) => renderContent(content, values),
    get: ({ ref, values }) => {
      const served = findLive(database, live, ref) ?? database.read(() => findReleased(database, ref));
      if (!values) return served;
      const { messages, settings, variables } = served;
      return { ...served, messages: renderContent({ messages, settings, variables }, values).messages };
    },
  };
}
