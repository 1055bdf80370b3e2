import { readdir } from 'node:fs/promises';
import { dirname, extname, matchesGlob, relative, resolve } from 'node:path';
import type { Json } from '../../shared/json.ts';
import { readText } from '../readText.ts';
import { readYaml } from '../readYaml.ts';
import { maxPromptBytes } from '../sourcePrompt.ts';

/** A file a configuration points to: `file://` before it or not, relative to the configuration. */
export type ConfigFile = { absolute: string; shown: string };

const pattern = /[*?[\]{}]/;

/** The files a reference names; a pattern may name several. Folders below are looked through, hidden ones and packages are not. */
export async function filesOf(reference: string, configFile: string): Promise<ConfigFile[]> {
  const folder = dirname(configFile);
  const name = reference.replace(/^file:\/\//, '');
  const shown = (absolute: string) => relative(folder, absolute).replaceAll('\\', '/') || absolute;
  if (!pattern.test(name)) return [{ absolute: resolve(folder, name), shown: shown(resolve(folder, name)) }];
  const fixed = name.slice(0, name.search(pattern)).replace(/[^/]*$/, '');
  const base = resolve(folder, fixed);
  const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(() => []);
  const wanted = resolve(folder, name);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => resolve(entry.parentPath, entry.name))
    .filter((file) => !/[/\\](node_modules|\.[^/\\]+)[/\\]/.test(file.slice(base.length)) && matchesGlob(file, wanted))
    .sort()
    .map((absolute) => ({ absolute, shown: shown(absolute) }));
}

export const isFileReference = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith('file://');
/** Code is never run here. */
export const isCode = (name: string) => /\.(c?js|mjs|ts|mts|py|rb|go|sh)(:\w+)?$/.test(name);

/** A text file whole. FILE_NOT_FOUND or BAD_FILE. */
export async function textOf({ absolute, shown }: ConfigFile): Promise<string> {
  return (await readText(absolute, shown, maxPromptBytes)).text;
}

/** A YAML or JSON file as plain data. */
export async function dataOf(file: ConfigFile): Promise<Json> {
  const text = await textOf(file);
  if (extname(file.absolute) === '.json') return JSON.parse(text) as Json;
  return readYaml(text, file.shown) as Json;
}
