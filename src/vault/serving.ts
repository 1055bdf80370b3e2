import { VaultError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { formatVersion, parseReference } from './references.ts';
import type { VaultApi } from './types.ts';
import { renderContent } from './variables.ts';
import { contentOf, namedContent, resolveReference } from './versionRows.ts';

type Release = { path: string; version: string; hash: string };

/** Written as a subquery: SQLite would plan the join anew at each call. */
const live = `SELECT ? AS path, major || '.' || minor AS version, content_hash AS hash FROM versions
  WHERE stage = 'PRD' AND prompt_id = (SELECT id FROM prompts WHERE path = ?)`;

/** The released version that `ref` means, PRD unless it says otherwise. The plain path is what applications ask all day. */
function findRelease(database: Database, ref: string): Release {
  const { path, selector } = parseReference(ref);
  const found = selector.kind === 'none' ? database.prepare(live).get<Release>(path, path) : undefined;
  if (found) return found;
  const { prompt, version } = resolveReference(database, ref, { kind: 'stage', stage: 'PRD' });
  const number = formatVersion(version);
  if (version.stage !== 'PRD' && version.stage !== 'RET') {
    const message = `${prompt.path}@${number} is ${version.stage}; only released versions are served. Promote it to PRD first`;
    throw new VaultError('NOT_FOUND', message, { ref });
  }
  return { path: prompt.path, version: number, hash: version.contentHash };
}

/** What applications and previews ask for: rendered messages and the released version. */
export function servingUseCases(database: Database): Pick<VaultApi, 'render' | 'renderContent' | 'get'> {
  return {
    render: ({ ref, values }) =>
      database.read(() => renderContent(contentOf(database, resolveReference(database, ref)), values)),
    renderContent: ({ content, values }) => renderContent(content, values),
    get: ({ ref, values }) =>
      database.read(() => {
        const release = findRelease(database, ref);
        const { messages, settings, variables } = namedContent(database, release);
        const shown = values ? renderContent({ messages, settings, variables }, values).messages : messages;
        return { ...release, messages: shown, settings, variables };
      }),
  };
}
