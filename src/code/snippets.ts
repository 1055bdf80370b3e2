/** What a snippet is made for: a prompt's path and the variables its callers must give. */
export type SnippetRequest = { path: string; variables: readonly { name: string; default?: string }[] };
export type Snippet = {
  /** What a person chooses from. */
  label: string;
  /** VS Code's language ids it fits. */
  languages: readonly string[];
  /** Source text, LF line ends, that runs as it is when `promptvault` is on the PATH. */
  write(request: SnippetRequest): string;
};

const typeScriptAnswer = `{
    path: string;
    version: string;
    hash: string;
    messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
    settings: Record<string, unknown>;
  }`;

// No shell stands between: a value with quotes or semicolons is still one argument.
const script = (types: { signature: string; answer: string }) => (request: SnippetRequest) =>
  `import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The production version of a prompt, rendered with the values. */
async function getPrompt(${types.signature}) {
  const variables = Object.entries(values).flatMap(([name, value]) => ['--var', \`\${name}=\${value}\`]);
  const command = ['get', path, '--json', ...variables];
  const { stdout } = await promisify(execFile)('promptvault', command, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout)${types.answer};
}

const prompt = await getPrompt('${request.path}'${values(request, { open: ', { ', pair: ': ', close: ' }', key: identity })});
`;

const python = (request: SnippetRequest) => `import json
import subprocess


def get_prompt(path, values=None):
    """The production version of a prompt, rendered with the values."""
    variables = [part for name, value in (values or {}).items() for part in ("--var", f"{name}={value}")]
    command = ["promptvault", "get", path, "--json", *variables]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return json.loads(result.stdout)


prompt = get_prompt("${request.path}"${values(request, { open: ', {', pair: ': ', close: '}', key: quoted, value: quoted })})
`;

const shell = (request: SnippetRequest) => {
  const flags = required(request).map((name) => ` --var '${name}=<${name}>'`);
  return `prompt=$(promptvault get '${request.path}' --json${flags.join('')}) || exit 1
printf '%s\\n' "$prompt"
`;
};

/** One per language, closed: the palette command offers these and CodeLens picks by the document's language. */
export const snippets: readonly Snippet[] = [
  {
    label: 'TypeScript',
    languages: ['typescript', 'typescriptreact'],
    write: script({
      signature: 'path: string, values: Record<string, string> = {}',
      answer: ` as ${typeScriptAnswer}`,
    }),
  },
  {
    label: 'JavaScript',
    languages: ['javascript', 'javascriptreact'],
    write: script({ signature: 'path, values = {}', answer: '' }),
  },
  { label: 'Python', languages: ['python'], write: python },
  { label: 'Shell', languages: ['shellscript'], write: shell },
];

export function snippetFor(languageId: string): Snippet | undefined {
  return snippets.find(({ languages }) => languages.includes(languageId));
}

type Spelling = {
  open: string;
  pair: string;
  close: string;
  key(name: string): string;
  value?(text: string): string;
};

function values(request: SnippetRequest, { open, pair, close, key, value = singleQuoted }: Spelling): string {
  const names = required(request);
  if (names.length === 0) return '';
  return open + names.map((name) => key(name) + pair + value(`<${name}>`)).join(', ') + close;
}

// The others have a default in the vault.
function required({ variables }: SnippetRequest): string[] {
  return variables.filter((variable) => variable.default === undefined).map(({ name }) => name);
}

function identity(name: string): string {
  return name;
}

function quoted(text: string): string {
  return `"${text}"`;
}

function singleQuoted(text: string): string {
  return `'${text}'`;
}
