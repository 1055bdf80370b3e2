import type { PromptReference } from './findReferences.ts';

/** One reference for each prompt and line, and none for a comment that stands directly above a use of the same prompt. */
export function oncePerPlace(text: string, references: readonly PromptReference[]): PromptReference[] {
  const firsts = new Map<string, PromptReference>();
  const lines = lineNumbers(text, references);
  references.forEach((reference, index) => {
    const place = `${lines[index]} ${reference.path}`;
    if (!firsts.has(place)) firsts.set(place, reference);
  });
  return references.filter((reference, index) => {
    const { path, kind } = reference;
    const below = kind === 'comment' ? firsts.get(`${lines[index]! + 1} ${path}`) : undefined;
    return firsts.get(`${lines[index]} ${path}`) === reference && (!below || below.kind === 'comment');
  });
}

/** The line of each reference; they come in the order of the text. */
function lineNumbers(text: string, references: readonly PromptReference[]): number[] {
  let line = 0;
  let from = 0;
  return references.map(({ start }) => {
    for (let at = text.indexOf('\n', from); at >= 0 && at < start; at = text.indexOf('\n', from)) {
      line += 1;
      from = at + 1;
    }
    return line;
  });
}
