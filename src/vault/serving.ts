import { codeOf, VaultError } from '../shared/errors.ts';
import { readContent } from './content.ts';
import type { Database } from './database.ts';
import { formatVersion, type VersionNumber } from './references.ts';
import type { Statement } from './statements.ts';
import type { Content, Served, VaultApi } from './types.ts';
import { renderContent } from './variables.ts';
import { contentOf, namedContent, resolveReference } from './versionRows.ts';

type LiveRow = VersionNumber & { hash: string };

/** All of it stands in the index. */
const liveSql = `SELECT major, minor, content_hash AS hash FROM versions INDEXED BY versions_served
  WHERE stage = 'PRD' AND prompt_id = (SELECT id FROM prompts WHERE path = ?)`;

/** Characters of contents that are remembered; about what two thousand prompts have. */
const rememberedLength = 8_000_000;

/**
 * Contents by their hash, each read and checked once. A hash is of one content only, so what is remembered is never out of date;
 * which one is in production is asked of the vault every time.
 */
function rememberContents(database: Database): (hash: string) => Content {
  const known = new Map<string, string>();
  let length = 0;
  return (hash) => {
    const text = known.get(hash);
    if (text !== undefined) return JSON.parse(text) as Content;
    const content = readContent(database, hash);
    const fresh = JSON.stringify(content);
    length += fresh.length;
    if (length > rememberedLength) {
      known.clear();
      length = fresh.length;
    }
    known.set(hash, fresh);
    return content;
  };
}

type Serving = { live: Statement; contentBy: (hash: string) => Content };

/** What is in production under a plain path, which is what applications ask all day. Undefined: ask the long way. */
function findLive(database: Database, { live, contentBy }: Serving, ref: string): Served | undefined {
  // What stands in the table is a valid path, so nothing is checked before.
  if (typeof ref !== 'string' || ref.includes('@')) return undefined;
  try {
    return database.readOnce(() => {
      const row = live.get<LiveRow>(ref);
      if (!row) return undefined;
      const { messages, settings, variables } = contentBy(row.hash);
      return { path: ref, version: formatVersion(row), hash: row.hash, messages, settings, variables };
    });
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
  const serving = { live: database.prepare(liveSql), contentBy: rememberContents(database) };
  return {
    render: ({ ref, values }) =>
      database.read(() => renderContent(contentOf(database, resolveReference(database, ref)), values)),
    renderContent: ({ content, values }) => renderContent(content, values),
    get: ({ ref, values }) => {
      const served = findLive(database, serving, ref) ?? database.read(() => findReleased(database, ref));
      if (!values) return served;
      const { messages, settings, variables } = served;
      return { ...served, messages: renderContent({ messages, settings, variables }, values).messages };
    },
  };
}
