import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message, Role } from '../vault/types.ts';
import { badFile, readText } from './readText.ts';
import type { SourceFile } from './sourceFiles.ts';
import { emptyResult, type FormatResult, maxPromptBytes } from './sourcePrompt.ts';
import { lastPart } from './textFormat.ts';

const parts: { file: string; role: Role }[] = [
  { file: 'system.md', role: 'system' },
  { file: 'user.md', role: 'user' },
];

/** A pattern: a folder with system.md and perhaps user.md. An empty file is no message; there is no front matter. */
export async function readFabricFormat(folder: SourceFile): Promise<FormatResult> {
  const result = emptyResult();
  const messages: Message[] = [];
  const names = await readdir(folder.absolute);
  for (const { file, role } of parts) {
    const name = names.find((one) => one.toLowerCase() === file);
    if (!name) continue;
    const source = `${folder.shown.replace(/\/$/, '')}/${name}`;
    const { text, hadByteOrderMark } = await readText(join(folder.absolute, name), source, maxPromptBytes);
    if (hadByteOrderMark) result.notes.push({ source, note: 'byte order mark left out' });
    if (text !== '') messages.push({ role, content: text });
  }
  if (messages.length === 0) throw badFile(folder.shown, 'its system.md and user.md are empty');
  result.prompts.push({
    source: folder.shown,
    name: folder.name,
    namesPath: false,
    defaultTitle: lastPart(folder.name),
    tags: [],
    messages,
    settings: {},
  });
  return result;
}
