import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { type FormatName, formatOfFile, isKnownName } from './fileKinds.ts';
import { badFile, fileError } from './readText.ts';
import type { ImportFormat } from './types.ts';

/** One thing to read: a file, or the folder of a pattern. */
export type SourceFile = {
  absolute: string;
  /** As a person would name it. */
  shown: string;
  format: FormatName;
  /** Path below the source without its ending, not yet respelled for the vault. */
  name: string;
  /** The name's folder with a slash behind it, or ''. */
  folder: string;
  /** Named by the person, not met on the way: then it must be good. */
  named: boolean;
};
export type FoundFiles = { files: SourceFile[]; skipped: { source: string; reason: string }[] };

const maxFiles = 20_000;
const ignoredFolders = new Set(['node_modules', '__MACOSX']);

type Folder = { absolute: string; shown: string; name: string; entries: Dirent[] };

/** What a source holds, in the order of its names. Fails with FILE_NOT_FOUND, and BAD_FILE for a file of no known kind. */
export async function findSourceFiles(source: string, format: ImportFormat): Promise<FoundFiles> {
  const shown = slashes(source);
  try {
    // What a person names may be a link; what lies below is not followed.
    const absolute = await realpath(source);
    if ((await stat(absolute)).isDirectory()) return await walkFolder({ absolute, shown, name: '' }, format);
    return { files: [namedFile(absolute, shown, format)], skipped: [] };
  } catch (error) {
    throw fileError(error, shown);
  }
}

function namedFile(absolute: string, shown: string, format: ImportFormat): SourceFile {
  const base = { absolute, shown, folder: '', named: true };
  if (isSystemFile(basename(absolute)) && (format === 'auto' || format === 'fabric')) {
    const folder = dirname(absolute);
    return { ...base, absolute: folder, shown: slashes(dirname(shown)), format: 'fabric', name: basename(folder) };
  }
  const found = format === 'auto' ? formatOfFile(absolute) : format;
  if (!found) throw badFile(shown, 'not a kind of file PromptVault knows; add --format text to take it as a prompt');
  if (found === 'fabric') throw badFile(shown, 'fabric is a folder of folders with a system.md; name that folder');
  return { ...base, format: found, name: withoutEnding(basename(absolute)) };
}

async function walkFolder(root: Omit<Folder, 'entries'>, format: ImportFormat): Promise<FoundFiles> {
  const found: FoundFiles = { files: [], skipped: [] };
  await visit({ ...root, entries: await entriesOf(root.absolute) }, true);
  return found;

  async function visit(folder: Folder, isRoot: boolean): Promise<void> {
    const children: Folder[] = [];
    for (const entry of folder.entries) {
      if (!entry.isDirectory() || entry.name.startsWith('.') || ignoredFolders.has(entry.name)) continue;
      const absolute = join(folder.absolute, entry.name);
      const name = folder.name === '' ? entry.name : `${folder.name}/${entry.name}`;
      children.push({ absolute, shown: shownIn(folder, entry), name, entries: await entriesOf(absolute) });
    }
    const patterns = format === 'auto' || format === 'fabric';
    const isPattern = patterns && holdsSystem(folder);
    if (isPattern) addPattern(folder, isRoot);
    // Loose files beside patterns describe them; they are no prompts.
    const besidePatterns = patterns && (isPattern || children.some(holdsSystem));
    addFiles(folder, besidePatterns, isPattern);
    if (found.files.length > maxFiles) throw badFile(root.shown, 'more than 20,000 files; name a smaller folder');
    for (const child of children) await visit(child, false);
  }

  function addPattern(folder: Folder, isRoot: boolean): void {
    const name = isRoot ? basename(folder.absolute) : folder.name;
    const { absolute, shown } = folder;
    found.files.push({ absolute, shown, format: 'fabric', name, folder: folderOf(name), named: isRoot });
  }

  function addFiles(folder: Folder, besidePatterns: boolean, isPattern: boolean): void {
    const others: string[] = [];
    for (const entry of folder.entries) {
      const source = shownIn(folder, entry);
      const kind = formatOfFile(entry.name);
      if (entry.name.startsWith('.') || entry.isDirectory()) continue;
      if (entry.isSymbolicLink()) found.skipped.push({ source, reason: 'a symbolic link, which is not followed' });
      else if (isPattern && /^(system|user)\.md$/i.test(entry.name)) continue;
      else if (besidePatterns) found.skipped.push({ source, reason: 'beside patterns, not a prompt' });
      else if (isKnownName(entry.name)) found.skipped.push({ source, reason: 'about the folder, not a prompt' });
      else if (!entry.isFile() || !kind || (format !== 'auto' && kind !== format)) others.push(entry.name);
      else {
        const name = (folder.name === '' ? '' : `${folder.name}/`) + withoutEnding(entry.name);
        const absolute = join(folder.absolute, entry.name);
        found.files.push({ absolute, shown: source, format: kind, name, folder: folderOf(name), named: false });
      }
    }
    if (others.length > 0) found.skipped.push({ source: folder.shown, reason: otherKinds(others) });
  }
}

function otherKinds(names: string[]): string {
  const endings = [...new Set(names.map((name) => parse(name).ext || name))];
  const shown = endings.slice(0, 8).join(', ') + (endings.length > 8 ? ', …' : '');
  return names.length === 1 ? `${names[0]}: not of this kind` : `${names.length} files of other kinds: ${shown}`;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function isSystemFile(name: string): boolean {
  return name.toLowerCase() === 'system.md';
}

function holdsSystem(folder: Folder): boolean {
  return folder.entries.some((entry) => entry.isFile() && isSystemFile(entry.name));
}

function shownIn(folder: Folder, entry: Dirent): string {
  return `${folder.shown.replace(/\/$/, '')}/${entry.name}`;
}

function folderOf(name: string): string {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? '' : name.slice(0, slash + 1);
}

// VS Code's prompt files are called `name.prompt.md`.
function withoutEnding(name: string): string {
  return parse(name).name.replace(/\.prompt$/i, '') || name;
}

function slashes(path: string): string {
  return process.platform === 'win32' ? path.replace(/\\/g, '/') : path;
}
