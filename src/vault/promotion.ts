import { and, eq } from 'drizzle-orm';
import { VaultError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { checkText } from './content.ts';
import type { Database, WriteTx } from './database.ts';
import { requireRevision, saveDraft, touchPrompt } from './drafts.ts';
import { nextStage, requireAllowed } from './lifecycle.ts';
import { formatVersion } from './references.ts';
import { type VersionRow, versions } from './schema.ts';
import type { VaultApi } from './types.ts';
import { type Found, refOf, resolveReference, toRecord } from './versionRows.ts';

/** One step forward with its events; the step to PRD retires the PRD version before it. */
export function promoteOneStep(
  tx: WriteTx,
  { prompt, version }: Found,
  { reason, gate }: { reason: string | null; gate?: Json },
): VersionRow {
  const to = nextStage(version.stage);
  if (to === null) throw new VaultError('INTERNAL', `Nothing comes after ${version.stage}`);
  const about = { promptId: prompt.id, path: prompt.path, reason };
  const number = formatVersion(version);
  const current = to === 'PRD' ? findPrd(tx, prompt.id) : undefined;
  // Clocks go wrong; a production period must not end before it began.
  const at = [tx.at, version.createdAt, current?.deployedAt ?? ''].sort().at(-1)!;
  if (current) {
    const end = { stage: 'RET', retiredAt: at, replacedBy: number } as const;
    tx.orm.update(versions).set(end).where(eq(versions.id, current.id)).run();
  }
  const row = tx.orm
    .update(versions)
    .set({ stage: to, deployedAt: to === 'PRD' ? at : null })
    .where(eq(versions.id, version.id))
    .returning()
    .get();
  const details = { from: version.stage, to, hash: version.contentHash, ...(gate === undefined ? {} : { gate }) };
  tx.appendEvent({ kind: 'version.promoted', ...about, version: number, details });
  if (current) {
    const retired = formatVersion(current);
    tx.appendEvent({ kind: 'version.retired', ...about, version: retired, details: { replacedBy: number } });
  }
  return row;
}

function findPrd(tx: WriteTx, promptId: number): VersionRow | undefined {
  return tx.orm
    .select()
    .from(versions)
    .where(and(eq(versions.promptId, promptId), eq(versions.stage, 'PRD')))
    .get();
}

/** DEV to TST, TST to PRD. A rationale given here becomes the version's. */
export function promotionUseCases(database: Database): Pick<VaultApi, 'promote'> {
  return {
    promote: ({ ref, rationale, expectRevision, expectStage, gate }) =>
      database.write((tx) => {
        const { prompt, version } = resolveReference(tx, ref);
        requireAllowed(version.stage, 'promote', refOf({ prompt, version }));
        requireRevision(tx, { prompt, version }, expectRevision);
        if (expectStage !== undefined && expectStage !== version.stage) {
          const message = `${refOf({ prompt, version })} is in ${version.stage} by now. Look at it again before you promote it`;
          const actual = toRecord(tx, { prompt, version });
          throw new VaultError('CONFLICT', message, { expected: version.revision, expectedStage: expectStage, actual });
        }
        const why = rationale ? checkText('rationale', rationale) : version.rationale;
        const draft = saveDraft(tx, { prompt, version }, { hash: version.contentHash, rationale: why });
        const promoted = promoteOneStep(tx, { prompt, version: draft }, { reason: rationale || null, gate });
        touchPrompt(tx, prompt.id);
        return toRecord(tx, { prompt, version: promoted });
      }),
  };
}
