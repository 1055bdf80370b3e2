import { findReferences } from '../../code/findReferences.ts';
import { snippetFor } from '../../code/snippets.ts';

/** `expression` is source text of the language. */
export type PassedValue = { name: string; expression: string };
type Fetch = { path: string; values: readonly PassedValue[] };

const pairs = (
  values: readonly PassedValue[],
  pair: (value: PassedValue) => string,
  [open, close]: [string, string],
) => (values.length === 0 ? '' : `, ${open}${values.map(pair).join(', ')}${close}`);
const inScript = ({ name, expression }: PassedValue) => (name === expression ? name : `${name}: ${expression}`);
const script = ({ path, values }: Fetch) =>
  `(await getPrompt('${path}'${pairs(values, inScript, ['{ ', ' }'])})).messages[0].content`;
const quoted = (between: string) => (value: PassedValue) => `"${value.name}"${between}${value.expression}`;

/** A prompt's text as an expression, by the functions that the snippets define. Go and Rust have none: a fetch may fail there. */
const writers: { readonly [languageId: string]: (fetch: Fetch) => string } = {
  typescript: script,
  typescriptreact: script,
  javascript: script,
  javascriptreact: script,
  python: ({ path, values }) =>
    `get_prompt("${path}"${pairs(values, quoted(': '), ['{', '}'])})["messages"][0]["content"]`,
  ruby: ({ path, values }) =>
    `get_prompt("${path}"${pairs(values, quoted(' => '), ['{ ', ' }'])})["messages"][0]["content"]`,
  php: ({ path, values }) =>
    `getPrompt('${path}'${pairs(values, ({ name, expression }) => `'${name}' => ${expression}`, ['[', ']'])})['messages'][0]['content']`,
  csharp: ({ path, values }) => {
    const given = pairs(values, ({ name, expression }) => `["${name}"] = ${expression}`, ['new() { ', ' }']);
    return `(string)(await GetPrompt("${path}"${given}))["messages"]![0]!["content"]!`;
  },
};

export const fetchLanguages: readonly string[] = Object.keys(writers);

/** Source text whose value is the text of the prompt's first message; undefined for a language without one. */
export function fetchExpression(languageId: string, fetch: Fetch): string | undefined {
  return Object.hasOwn(writers, languageId) ? writers[languageId]!(fetch) : undefined;
}

export type Helper = { line: number; text: string };

/** The function that such an expression calls, and the line to put it before; undefined where the text names it already. */
export function missingHelper(
  text: string,
  { languageId, path }: { languageId: string; path: string },
): Helper | undefined {
  const snippet = fetchLanguages.includes(languageId) ? snippetFor(languageId) : undefined;
  const uses = findReferences(text, languageId).filter((reference) => reference.kind === 'call').length;
  const named = text.match(/\bget_?prompt\b/gi)?.length ?? 0;
  if (!snippet || named > uses) return undefined;
  const isCall = /^(?:(?:const|var) |\$)?prompt = |^Console\.WriteLine/;
  const lines = snippet.write.vault({ path, variables: [] }).split('\n');
  const helper = lines
    .filter((line) => !isCall.test(line))
    .join('\n')
    .trim();
  return { line: lineAfterImports(text), text: `${helper}\n\n` };
}

/** Behind what must or likes to stand first in a file. */
function lineAfterImports(text: string): number {
  const lines = text.split('\n', 400);
  let after = 0;
  for (let line = 0; line < lines.length; line += 1) {
    if (!/^(?:#!|<\?php|declare\b|namespace\b|use |using |import\b|from\b|require|['"]use )/.test(lines[line]!))
      continue;
    // An import may go on over several lines.
    if (/[({][^)}]*$/.test(lines[line]!)) while (line < lines.length - 1 && !/[)}]/.test(lines[line]!)) line += 1;
    after = line + 1;
  }
  return after;
}
