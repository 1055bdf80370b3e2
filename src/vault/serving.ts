import { VaultError } from '../shared/errors.ts';
import { type ContentTexts, hashTexts } from './canonical.ts';
import { parseContent } from './content.ts';
import type { Database } from './database.ts';
import { formatVersion, parseReference } from './references.ts';
import type { Served, VaultApi } from './types.ts';
import { renderContent } from './variables.ts';
import { contentOf, namedContent, resolveReference } from './versionRows.ts';

type Release = { path: string; version: string; hash: string };

/** Written as subqueries: SQLite would plan a join anew at each call. Binds the path twice. */
const production = `stage = 'PRD' AND prompt_id = (SELECT id FROM prompts WHERE path = ?)`;
const live = `SELECT hash, settings, variables, messages,
    (SELECT major || '.' || minor FROM versions WHERE ${production}) AS version
  FROM contents WHERE hash = (SELECT content_hash FROM versions WHERE ${production})`;

/** What is in production under a plain path, which is what applications ask all day. Undefined: ask the long way. */
function findLive(database: Database, ref: string): Served | undefined {
  const { path, selector } = parseReference(ref);
  if (selector.kind !== 'none') return undefined;
  const found = database.readOnce(() => database.prepare(live).get<ContentTexts & Release>(path, path));
  // A damaged content is told the long way, which names the version.
  if (!found || hashTexts(found) !== found.hash) return undefined;
  const { version, hash } = found;
  return { path, version, hash, ...parseContent(hash, found) };
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
  return {
    render: ({ ref, values }) =>
      database.read(() => renderContent(contentOf(database, resolveReference(database, ref)), values)),
    renderContent: ({ content, values }) => renderContent(content, values),
    get: ({ ref, values }) => {
      const served = findLive(database, ref) ?? database.read(() => findReleased(database, ref));
      if (!values) return served;
      const { messages, settings, variables } = served;
      return { ...served, messages: renderContent({ messages, settings, variables }, values).messages };
    },
  };
}
