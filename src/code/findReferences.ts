import { addressReferences } from './addresses.ts';
import { commandReferences } from './commandLines.ts';
import { languages } from './languages.ts';
import { callReferences } from './promptCalls.ts';
import { regionsAt, regionsOf } from './regions.ts';
import { sourceParts } from './sourceParts.ts';
import type { PromptReference } from './types.ts';

export type { PromptReference } from './types.ts';

/** VS Code's ids of the languages in which references are found. */
export const referenceLanguages: readonly string[] = Object.keys(languages);

// What addresses and commands hold.
const marker = /promptvault|\/v1\//;
const markers = new RegExp(marker, 'g');

/** The prompts a source text refers to, in the order of the text; none for a language that is not known. */
export function findReferences(text: string, languageId: string): PromptReference[] {
  const language = Object.hasOwn(languages, languageId) ? languages[languageId] : undefined;
  if (!language || !/prompt|vault|\/v1\/(?:get|render)\//i.test(text)) return [];
  const parts = sourceParts(text, languageId);
  const references = callReferences({ text, parts, language });
  if (marker.test(text)) {
    const regions = language.commands ? regionsOf(text, parts) : regionsAt(text, parts, markers);
    references.push(...addressReferences(text, { parts, regions, language }));
    references.push(...commandReferences(text, regions, language));
  }
  return inOrder(references);
}

/** Each place once: what two readings found counts as the first. */
function inOrder(references: PromptReference[]): PromptReference[] {
  references.sort((one, other) => one.start - other.start);
  return references.filter(({ start }, index) => start !== references[index - 1]?.start);
}
