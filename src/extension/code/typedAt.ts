import { findReferences } from '../../code/findReferences.ts';
import type { PromptReference, TextRange } from '../../code/types.ts';
import { longestText } from './codeLimits.ts';

/** What of a reference is typed at a place, from where to where in the document; `passed` are the variables it has already. */
export type Typed = TextRange & {
  what: 'path' | 'selector' | 'variable';
  reference: PromptReference;
  passed: string[];
};

/** A name that nobody gives to anything. */
const probe = 'promptvaultProbe';
// A key alone is nothing in some languages, so it is read with a value too; in quotes those around the cursor are kept.
const asKey = [`${probe}: 0`, `${probe}": "`, `${probe}': '`];
/** What belongs to a reference begins and ends near the cursor. */
const near = 2000;

/**
 * What stands at the cursor is seldom a whole reference yet, so the text is read with a name put there: where the finder then
 * finds that name tells what is being typed, in every language it knows.
 */
export function typedAt(text: string, { at, languageId }: { at: number; languageId: string }): Typed | undefined {
  const around = text.slice(Math.max(0, at - near), at + near);
  if (text.length > longestText || !/prompt|vault/i.test(around)) return undefined;
  const read = (put: string) => {
    const probed = text.slice(0, at) + put + text.slice(at, at + near);
    return findReferences(probed, languageId).filter(({ start }) => start >= at - near);
  };
  const whole = read(probe).map((reference) => inReference(reference, at));
  const found = whole.find((one) => one !== undefined);
  if (found) return found;
  for (const put of asKey) {
    for (const reference of read(put)) {
      const variable = variableIn(reference, at);
      if (variable) return variable;
    }
  }
  return undefined;
}

function inReference(reference: PromptReference, at: number): Typed | undefined {
  const { start, path, selectorRange } = reference;
  const spans = { path: { start, end: start + path.length }, selector: selectorRange };
  for (const what of ['path', 'selector'] as const) {
    const span = spans[what];
    if (span && holdsProbe(span, at)) return { what, reference, passed: [], ...withoutProbe(span) };
  }
  return variableIn(reference, at);
}

function variableIn(reference: PromptReference, at: number): Typed | undefined {
  const names = reference.variables?.names ?? [];
  const own = names.find((name) => holdsProbe(name, at));
  if (!own) return undefined;
  const passed = names.filter((name) => name !== own).map(({ name }) => name);
  return { what: 'variable', reference, passed, ...withoutProbe(own) };
}

const holdsProbe = ({ start, end }: TextRange, at: number) => start <= at && at + probe.length <= end;
const withoutProbe = ({ start, end }: TextRange): TextRange => ({ start, end: end - probe.length });
