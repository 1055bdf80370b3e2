import { VaultError } from '../shared/errors.ts';
import { checkText } from './content.ts';
import type { Database, WriteTx } from './database.ts';
import { insertVersion, nextNumber, touchPrompt } from './drafts.ts';
import { promoteOneStep } from './promotion.ts';
import { formatVersion, parseVersionNumber } from './references.ts';
import type { PromptRow } from './schema.ts';
import type { VaultApi } from './types.ts';
import { refOf, resolveReference, toRecord } from './versionRows.ts';

/** What was in production before goes into production again, as a new version, in one transaction. */
export function rollbackUseCases(database: Database): Pick<VaultApi, 'rollback'> {
  return {
    rollback: ({ path, to, reason, expectPrd }) =>
      database.write((tx) => {
        const why = checkText('reason', reason ?? '').trim();
        if (why === '') {
          throw new VaultError('INVALID_INPUT', 'A rollback needs a reason: say why, for those who read the history', {
            field: 'reason',
          });
        }
        const number = parseVersionNumber(to);
        if (!number) {
          throw new VaultError('INVALID_INPUT', `"${to}" is not a version. Give a number such as 2.1`, { field: 'to' });
        }
        const { prompt, version: source } = resolveReference(tx, `${path}@${formatVersion(number)}`);
        const rollbackOf = formatVersion(source);
        requireProduction(tx, prompt, expectPrd);
        if (source.stage !== 'RET') {
          const message = `Only a retired version can be rolled back to; ${path}@${rollbackOf} is ${source.stage}`;
          throw new VaultError('RULE', message, {
            stage: source.stage,
            action: 'rollback',
            ref: refOf({ prompt, version: source }),
          });
        }
        const draft = insertVersion(
          tx,
          { prompt, number: nextNumber(tx, prompt.id, { after: source.major }), hash: source.contentHash },
          { rationale: why, copiedFrom: rollbackOf, rollbackOf },
        );
        const tested = promoteOneStep(tx, { prompt, version: draft }, { reason: why });
        const version = promoteOneStep(tx, { prompt, version: tested }, { reason: why });
        tx.appendEvent({
          kind: 'version.rolledBack',
          promptId: prompt.id,
          path: prompt.path,
          version: formatVersion(version),
          reason: why,
          details: { rollbackOf, from: prompt.prd, hash: version.contentHash },
        });
        touchPrompt(tx, prompt.id);
        return toRecord(tx, { prompt, version });
      }),
  };
}

/** Two people who roll back at once must not undo each other: the second one looks again first. */
function requireProduction(tx: WriteTx, prompt: PromptRow, expected: string | null | undefined): void {
  if (expected === undefined || expected === prompt.prd) return;
  const now = prompt.prd === null ? 'nothing' : `v${prompt.prd}`;
  const message = `Production of ${prompt.path} has changed in the meantime: ${now} is served by now. Look at it, then decide again`;
  const actual = prompt.prd === null ? null : toRecord(tx, resolveReference(tx, `${prompt.path}@${prompt.prd}`));
  throw new VaultError('CONFLICT', message, { expected, actual });
}
