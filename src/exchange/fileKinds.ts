import type { ImportFormat } from './types.ts';

export type FormatName = Exclude<ImportFormat, 'auto'>;

const endings: { readonly [ending: string]: FormatName } = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  txt: 'text',
  text: 'text',
  prompt: 'text',
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
};

const aboutFolders = /^(readme|license|licence|notice|changelog|contributing|code_of_conduct|security)(\.[a-z]+)?$/i;

/** The format a file's ending stands for; undefined for an ending of something else. */
export function formatOfFile(name: string): FormatName | undefined {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(endings, ending) ? endings[ending] : undefined;
}

/** Files that every folder has and that speak about it. */
export function isKnownName(name: string): boolean {
  return aboutFolders.test(name);
}
