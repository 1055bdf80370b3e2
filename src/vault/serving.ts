import { VaultError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { formatVersion } from './references.ts';
import type { VaultApi } from './types.ts';
import { renderContent } from './variables.ts';
import { contentOf, resolveReference } from './versionRows.ts';

/** What applications and previews ask for: rendered messages and the released version. */
export function servingUseCases(database: Database): Pick<VaultApi, 'render' | 'renderContent' | 'get'> {
  return {
    render: ({ ref, values }) =>
      database.read(() => renderContent(contentOf(database, resolveReference(database, ref)), values)),
    renderContent: ({ content, values }) => renderContent(content, values),
    get: ({ ref, values }) =>
      database.read(() => {
        const { prompt, version } = resolveReference(database, ref, { kind: 'stage', stage: 'PRD' });
        const number = formatVersion(version);
        if (version.stage !== 'PRD' && version.stage !== 'RET') {
          const message = `${prompt.path}@${number} is ${version.stage}; only released versions are served. Promote it to PRD first`;
          throw new VaultError('NOT_FOUND', message, { ref });
        }
        const { messages, settings, variables } = contentOf(database, { prompt, version });
        const shown = values ? renderContent({ messages, settings, variables }, values).messages : messages;
        return { path: prompt.path, version: number, hash: version.contentHash, messages: shown, settings, variables };
      }),
  };
}
