import { eq } from 'drizzle-orm';
import { VaultError } from '../shared/errors.ts';
import { checkLine, checkTag, checkText, completeContent, storeContent } from './content.ts';
import type { Database, WriteTx } from './database.ts';
import { insertVersion, touchPrompt } from './drafts.ts';
import { summaryOf } from './listPrompts.ts';
import { parsePath } from './paths.ts';
import { type PromptRow, prompts } from './schema.ts';
import { addTags } from './tags.ts';
import type { VaultApi } from './types.ts';
import { findPrompt, requirePrompt, toRecord } from './versionRows.ts';

function requireFree(tx: WriteTx, path: string): void {
  if (!findPrompt(tx, path)) return;
  throw new VaultError('EXISTS', `There is a prompt ${path} already. Choose another path, or edit that one`, { path });
}

/** New prompts, their title and description, and where they are. */
export function promptUseCases(database: Database): Pick<VaultApi, 'create' | 'editPrompt' | 'move'> {
  function update(tx: WriteTx, prompt: PromptRow, changes: Partial<PromptRow>): void {
    tx.orm.update(prompts).set(changes).where(eq(prompts.id, prompt.id)).run();
    touchPrompt(tx, prompt.id);
  }
  return {
    create: (p) =>
      database.write((tx) => {
        const { path, folder, name } = parsePath(p.path);
        requireFree(tx, path);
        const title = checkLine('title', p.title ?? name, 500);
        const description = checkText('description', p.description ?? '');
        const tags = [...new Set((p.tags ?? []).map(checkTag))];
        const rationale = checkText('rationale', p.rationale ?? '');
        const given = { messages: p.messages, settings: p.settings ?? {}, variables: p.variables ?? [] };
        const hash = storeContent(tx, completeContent(given, []));
        const prompt = tx.orm
          .insert(prompts)
          .values({ path, folder, name, title, description, createdAt: tx.at, updatedAt: tx.at })
          .returning()
          .get();
        tx.appendEvent({ kind: 'prompt.created', promptId: prompt.id, path, details: { title, tags } });
        const origin = { rationale, copiedFrom: null, rollbackOf: null };
        const version = insertVersion(tx, { prompt, number: { major: 1, minor: 0 }, hash }, origin);
        addTags(tx, prompt.id, tags);
        touchPrompt(tx, prompt.id);
        return toRecord(tx, { prompt, version });
      }),
    editPrompt: ({ path, title, description }) =>
      database.write((tx) => {
        const prompt = requirePrompt(tx, path);
        const changes = {
          title: title === undefined ? prompt.title : checkLine('title', title, 500),
          description: description === undefined ? prompt.description : checkText('description', description),
        };
        if (changes.title !== prompt.title || changes.description !== prompt.description) {
          update(tx, prompt, changes);
          const before = { title: prompt.title, description: prompt.description };
          tx.appendEvent({ kind: 'prompt.edited', promptId: prompt.id, path, details: { from: before, to: changes } });
        }
        return summaryOf(tx, prompt.id);
      }),
    move: ({ path, to }) =>
      database.write((tx) => {
        const prompt = requirePrompt(tx, path);
        const target = parsePath(to);
        if (target.path !== path) {
          requireFree(tx, target.path);
          update(tx, prompt, target);
          const details = { from: path, to: target.path };
          tx.appendEvent({ kind: 'prompt.moved', promptId: prompt.id, path: target.path, details });
        }
        return summaryOf(tx, prompt.id);
      }),
  };
}
