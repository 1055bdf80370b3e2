/** `expression` is source text of the language. */
export type PassedValue = { name: string; expression: string };
type Fetch = { path: string; values: readonly PassedValue[] };
type Writer = (fetch: Fetch) => string;

const pairs = (
  values: readonly PassedValue[],
  pair: (value: PassedValue) => string,
  [open, close]: [string, string],
) => (values.length === 0 ? '' : `, ${open}${values.map(pair).join(', ')}${close}`);
const quoted = (between: string, text: (expression: string) => string) => (value: PassedValue) =>
  `"${value.name}"${between}${text(value.expression)}`;
const asIs = (expression: string) => expression;

const inScript = ({ name, expression }: PassedValue) => (name === expression ? name : `${name}: ${expression}`);
const script: Writer = ({ path, values }) =>
  `(await getPrompt('${path}'${pairs(values, inScript, ['{ ', ' }'])})).messages[0].content`;
const uri: Writer = ({ path }) => `promptvault:${path}`;

/** What a substitution makes of any value; in these languages a text is no other type. */
const javaText = (expression: string) =>
  /^String\.(?:format|valueOf)\(/.test(expression) ? expression : `String.valueOf(${expression})`;
const csharpText = (expression: string) => {
  if (/^\$"|^string\.Format\(/.test(expression)) return expression;
  // Before C# 11 no quote stands in a substitution.
  return /["{}]/.test(expression) ? `System.Convert.ToString(${expression})!` : `$"{${expression}}"`;
};
const rustText = (expression: string) => {
  if (expression.startsWith('format!(')) return `&${expression}`;
  return /^[\w.:]+(?:\(\))?$/.test(expression) ? `&${expression}.to_string()` : `&(${expression}).to_string()`;
};

/** A prompt's text as an expression, by the functions that `fetchHelper` has. */
const writers: { readonly [languageId: string]: Writer } = {
  typescript: script,
  typescriptreact: script,
  javascript: script,
  javascriptreact: script,
  python: ({ path, values }) =>
    `get_prompt("${path}"${pairs(values, quoted(': ', asIs), ['{', '}'])})["messages"][0]["content"]`,
  ruby: ({ path, values }) =>
    `get_prompt("${path}"${pairs(values, quoted(' => ', asIs), ['{ ', ' }'])})["messages"][0]["content"]`,
  php: ({ path, values }) =>
    `getPrompt('${path}'${pairs(values, ({ name, expression }) => `'${name}' => ${expression}`, ['[', ']'])})['messages'][0]['content']`,
  go: ({ path, values }) =>
    `getPromptText("${path}"${pairs(values, quoted(': ', asIs), ['map[string]string{', '}']) || ', nil'})`,
  java: ({ path, values }) =>
    `PromptVault.getPromptText("${path}"${pairs(values, javaPair, ['java.util.Map.ofEntries(', ')']) || ', java.util.Map.of()'})`,
  csharp: ({ path, values }) => {
    const pair = ({ name, expression }: PassedValue) => `["${name}"] = ${csharpText(expression)}`;
    return `PromptVault.GetPromptText("${path}"${pairs(values, pair, ['new() { ', ' }'])})`;
  },
  rust: ({ path, values }) => {
    const pair = ({ name, expression }: PassedValue) => `("${name}", ${rustText(expression)})`;
    return `get_prompt_text("${path}"${pairs(values, pair, ['&[', ']']) || ', &[]'})`;
  },
  shellscript: ({ path, values }) => {
    const given = values.map(({ name, expression }) => ` --var ${name}=${expression}`).join('');
    return `$(promptvault get ${path}${given} --json | jq -er '.messages[0].content // empty')`;
  },
  yaml: uri,
  dockercompose: uri,
  json: uri,
  jsonc: uri,
};

function javaPair({ name, expression }: PassedValue): string {
  return `java.util.Map.entry("${name}", ${javaText(expression)})`;
}

/** VS Code's ids of the languages in which a string can become a fetch; in those that hold data, the prompt's address. */
export const fetchLanguages: readonly string[] = Object.keys(writers);

/** Source text whose value is the text of the prompt's first message; undefined for a language without one. */
export function fetchExpression(languageId: string, fetch: Fetch): string | undefined {
  return Object.hasOwn(writers, languageId) ? writers[languageId]!(fetch) : undefined;
}
