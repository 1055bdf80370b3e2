import { csharp } from './snippets/csharpSnippet.ts';
import { go } from './snippets/goSnippet.ts';
import { java } from './snippets/javaSnippet.ts';
import { php } from './snippets/phpSnippet.ts';
import { python } from './snippets/pythonSnippet.ts';
import { ruby } from './snippets/rubySnippet.ts';
import { rust } from './snippets/rustSnippet.ts';
import { javaScript, typeScript } from './snippets/scriptSnippets.ts';
import { shell } from './snippets/shellSnippet.ts';
import type { Snippet, SnippetSource } from './snippets/snippetTypes.ts';

export type { Snippet, SnippetRequest, SnippetSource } from './snippets/snippetTypes.ts';

/** One per language, closed: the palette command offers these and CodeLens picks by the document's language. */
export const snippets: readonly Snippet[] = [typeScript, javaScript, python, go, java, csharp, ruby, php, rust, shell];

/** Where a snippet fetches from, in words for a person. */
export const snippetSources: readonly { source: SnippetSource; label: string; about: string }[] = [
  { source: 'vault', label: 'Vault', about: 'through the promptvault command, from the vault of the working folder' },
  { source: 'server', label: 'Server', about: 'over HTTP, from promptvault serve; a release is live without a deploy' },
  {
    source: 'bundle',
    label: 'Bundle',
    about: 'from prompts.json, which promptvault bundle writes; ships with the code',
  },
];

export function snippetFor(languageId: string): Snippet | undefined {
  return snippets.find(({ languages }) => languages.includes(languageId));
}
