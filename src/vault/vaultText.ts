import { codeOf } from '../shared/errors.ts';
import { openDatabase } from './database.ts';
import type { Message, Settings, Variable } from './types.ts';
import { namedContent } from './versionRows.ts';

type Row = { id: number; path: string; title: string; description: string };
type VersionLine = { version: string; stage: string; hash: string; rationale: string };

/**
 * All prompts as text, in an order that two vaults share, so that `git diff` shows what a person changed: no times, no
 * ids. What is damaged is said in its place.
 */
export function vaultText(file: string): string {
  const database = openDatabase(file, { mode: 'read', actor: 'reader' });
  try {
    return database.read(() => {
      const prompts = database.prepare('SELECT id, path, title, description FROM prompts ORDER BY path').all<Row>();
      const tags = database.prepare('SELECT tag FROM prompt_tags WHERE prompt_id = ? ORDER BY tag').pluck();
      const versions = database.prepare(
        `SELECT major || '.' || minor AS version, stage, content_hash AS hash, rationale FROM versions
         WHERE prompt_id = ? ORDER BY major, minor`,
      );
      const blocks = prompts.map((prompt) => {
        const head = [`# ${prompt.path}`, line('title', prompt.title), line('description', prompt.description)];
        const told = [...head, line('tags', tags.all<string>(prompt.id).join(', '))].filter((text) => text !== null);
        const bodies = versions
          .all<VersionLine>(prompt.id)
          .map((version) => versionText(database, prompt.path, version));
        return `${told.join('\n')}\n\n${bodies.join('\n')}`;
      });
      return blocks.join('\n');
    });
  } finally {
    database.close();
  }
}

const line = (name: string, text: string) => (text === '' ? null : `${name}: ${text.replaceAll(/\s+/g, ' ')}`);

function versionText(database: Parameters<typeof namedContent>[0], path: string, at: VersionLine): string {
  const head = [`## ${path} v${at.version} ${at.stage}`, line('rationale', at.rationale)].filter(
    (text) => text !== null,
  );
  return `${head.join('\n')}\n${bodyOf(database, { path, ...at })}`;
}

function bodyOf(
  database: Parameters<typeof namedContent>[0],
  at: { path: string; version: string; hash: string },
): string {
  try {
    const { messages, settings, variables } = namedContent(database, at);
    return `${[...settingLines(settings), ...variables.map(variableLine)].join('')}${messages.map(messageText).join('')}`;
  } catch (error) {
    if (codeOf(error) !== 'DAMAGED') throw error;
    return `(damaged: ${at.hash})\n`;
  }
}

const settingLines = (settings: Settings) =>
  Object.entries(settings).map(([key, value]) => `setting ${key}: ${JSON.stringify(value)}\n`);
const variableLine = ({ name, default: preset }: Variable) =>
  `variable ${name}${preset === undefined ? '' : ` = ${JSON.stringify(preset)}`}\n`;
const messageText = ({ role, content }: Message) => `[${role}]\n${content}${content.endsWith('\n') ? '' : '\n'}`;
