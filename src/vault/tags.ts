import { and, eq, inArray } from 'drizzle-orm';
import { checkTag } from './content.ts';
import { addTagSql } from './countsSql.ts';
import type { Database, WriteTx } from './database.ts';
import { touchPrompt } from './drafts.ts';
import { summaryOf } from './listPrompts.ts';
import { promptTags } from './schema.ts';
import type { VaultApi } from './types.ts';
import { requirePrompt, tagsOf } from './versionRows.ts';

export function addTags(tx: WriteTx, promptId: number, tags: readonly string[]): void {
  for (const tag of tags) tx.prepare(addTagSql).run(tag, promptId);
}

export function tagUseCases(database: Database): Pick<VaultApi, 'tag'> {
  return {
    tag: ({ path, add = [], remove = [] }) =>
      database.write((tx) => {
        const prompt = requirePrompt(tx, path);
        const present = new Set(tagsOf(tx, prompt.id));
        const removed = [...new Set(remove.map((tag) => tag.trim()))].filter((tag) => present.has(tag));
        const kept = new Set([...present].filter((tag) => !removed.includes(tag)));
        const added = [...new Set(add.map(checkTag))].filter((tag) => !kept.has(tag));
        // A tag removed and added in one call stays.
        const gone = removed.filter((tag) => !added.includes(tag));
        const fresh = added.filter((tag) => !removed.includes(tag));
        if (gone.length + fresh.length > 0) {
          const mine = eq(promptTags.promptId, prompt.id);
          tx.orm
            .delete(promptTags)
            .where(and(mine, inArray(promptTags.tag, gone)))
            .run();
          addTags(tx, prompt.id, fresh);
          touchPrompt(tx, prompt.id);
          const details = { added: fresh, removed: gone };
          tx.appendEvent({ kind: 'prompt.tagged', promptId: prompt.id, path, details });
        }
        return summaryOf(tx, prompt.id);
      }),
  };
}
