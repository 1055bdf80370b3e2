import { checkLine } from './content.ts';
import type { Database } from './database.ts';
import { touchPrompt } from './drafts.ts';
import { formatVersion } from './references.ts';
import type { VaultApi } from './types.ts';
import { labelsOf, resolveReference, toRecord } from './versionRows.ts';

/** Offered until a team has words of its own. */
const commonLabels = ['Production Candidate', 'Needs Review', 'Approved', 'Experiment', 'Do Not Use'];
/** Skips from label to label along the index: quick however many versions carry them. */
const labelsInUse = `
WITH RECURSIVE used (label) AS (
  SELECT min(label) FROM version_labels
  UNION ALL SELECT (SELECT min(label) FROM version_labels WHERE label > used.label) FROM used WHERE used.label IS NOT NULL
) SELECT label FROM used WHERE label IS NOT NULL LIMIT 500`;

/** The labels some version carries, by name. */
export function usedLabels(database: Database): string[] {
  return database.prepare(labelsInUse).pluck().all<string>();
}

/** Words on a version, such as "Production Candidate": they say nothing of its content, so every stage may have them. */
export function labelUseCases(database: Database): Pick<VaultApi, 'label' | 'labels'> {
  return {
    label: ({ ref, add = [], remove = [] }) =>
      database.write((tx) => {
        const found = resolveReference(tx, ref);
        const { prompt, version } = found;
        const present = labelsOf(tx, version.id);
        const wanted = new Set(add.map((label) => checkLine('label', label, 60)));
        const unwanted = new Set(remove.map((label) => label.trim()));
        // A label removed and added in one call stays.
        const added = [...wanted].filter((label) => !present.includes(label) && !unwanted.has(label));
        const removed = present.filter((label) => unwanted.has(label) && !wanted.has(label));
        for (const label of removed) {
          tx.prepare('DELETE FROM version_labels WHERE version_id = ? AND label = ?').run(version.id, label);
        }
        for (const label of added) {
          tx.prepare('INSERT INTO version_labels (version_id, label) VALUES (?, ?)').run(version.id, label);
        }
        if (added.length + removed.length > 0) {
          touchPrompt(tx, prompt.id);
          const about = { promptId: prompt.id, path: prompt.path, version: formatVersion(version) };
          tx.appendEvent({ kind: 'version.labelled', ...about, details: { added, removed } });
        }
        return toRecord(tx, found);
      }),
    labels: () =>
      database.read(() => {
        const used = usedLabels(database);
        return [...used, ...commonLabels.filter((label) => !used.includes(label))];
      }),
  };
}
