import { isData } from './promptFields.ts';
import { badFile } from './readText.ts';
import { readYaml } from './readYaml.ts';

export type FrontMatter = { data: { [key: string]: unknown }; body: string };

/**
 * Splits a file into its front matter and the body after it, byte for byte. A file that merely begins with a `---` rule
 * has none: without a closing line, or with something other than keys between, all of it is body.
 */
export function splitFrontMatter(text: string, shown: string): FrontMatter {
  const opening = /^---[ \t]*\r?\n/.exec(text);
  if (!opening) return { data: {}, body: text };
  const closing = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/gm;
  closing.lastIndex = opening[0].length;
  const end = closing.exec(text);
  if (!end) return { data: {}, body: text };
  const head = text.slice(opening[0].length, end.index);
  // A first line of front matter is a key, a comment or nothing; prose after a rule is none of these.
  if (!/^(?:[ \t]*(?:#.*)?\r?\n)*[A-Za-z_][\w -]*:(?:\s|$)/.test(head)) {
    return head.trim() === '' ? { data: {}, body: text.slice(end.index + end[0].length) } : { data: {}, body: text };
  }
  const data = readYaml(head, shown, 2);
  if (!isData(data)) throw badFile(shown, 'the front matter between the --- lines must be keys and values', 2);
  return { data, body: text.slice(end.index + end[0].length) };
}
