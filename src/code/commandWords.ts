import type { PassedVariable, PassedVariables } from './types.ts';

/** A word of a command line: what is written of it, which may be its beginning only. Not written: nobody knows what it brings. */
export type CommandWord = { text: string; start: number; isWritten: boolean };

const assigned = /^(\\?["']|)([A-Za-z_]\w*)=/;

/** What `--var` gives; null where `get` is given nothing, since it answers with the text as it is then. */
export function commandVariables(verb: string, words: readonly CommandWord[]): PassedVariables | null {
  if (verb !== 'get' && verb !== 'render') return null;
  const names: PassedVariable[] = [];
  let complete = true;
  words.forEach((word, index) => {
    const flag = /^(?:\\?["'])?(--vars?)(=|$|(?=\\?["']$))/.exec(word.text);
    if (!word.isWritten || flag?.[1] === '--vars') complete = false;
    if (flag?.[1] !== '--var') return;
    const joined = flag[2] === '=' ? flag[0].length : null;
    const value =
      joined === null ? words[index + 1] : { ...word, text: word.text.slice(joined), start: word.start + joined };
    const match = value && assigned.exec(value.text);
    if (!match) complete = false;
    else {
      const start = value.start + match[1]!.length;
      names.push({ name: match[2]!, start, end: start + match[2]!.length });
    }
  });
  return verb === 'get' && complete && names.length === 0 ? null : { names, complete };
}
