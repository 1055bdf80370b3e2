import { type Snippet, type SnippetRequest, writeValues } from './snippetTypes.ts';

const typeScriptAnswer = ` as {
    path: string;
    version: string;
    hash: string;
    messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
    settings: Record<string, unknown>;
  }`;

const values = { open: '{ ', pair: (name: string, value: string) => `${name}: '${value}'`, close: ' }' };

// No shell stands between: a value with quotes or semicolons is still one argument.
const byCommand = (types: { signature: string; answer: string }) => (request: SnippetRequest) =>
  `import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The production version of a prompt, rendered with the values. */
async function getPrompt(${types.signature}) {
  const variables = Object.entries(values).flatMap(([name, value]) => ['--var', \`\${name}=\${value}\`]);
  const command = ['get', path, '--json', ...variables];
  const { stdout } = await promisify(execFile)('promptvault', command, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout)${types.answer};
}

const prompt = await getPrompt('${request.path}'${writeValues(request, { ...values, open: ', { ' })});
`;

const byClient = (about: string, source: string) => (request: SnippetRequest) =>
  `import { createClient } from 'promptvault/client';

// ${about}
const promptVault = createClient({ source: ${source} });

const prompt = await promptVault.get('${request.path}'${writeValues(request, { ...values, open: ', { variables: { ', close: ' } }' })});
`;

const environment = 'url: process.env.PROMPTVAULT_URL, token: process.env.PROMPTVAULT_TOKEN';
const served = (source: string) =>
  byClient('What the server of "promptvault serve" has in production: asked once a minute, the last one kept.', source);
const bundled = byClient('Written by "promptvault bundle --out prompts.json".', "{ bundle: 'prompts.json' }");

export const typeScript: Snippet = {
  label: 'TypeScript',
  languages: ['typescript', 'typescriptreact'],
  write: {
    vault: byCommand({ signature: 'path: string, values: Record<string, unknown> = {}', answer: typeScriptAnswer }),
    server: served(`{ ${environment.replace('_URL,', "_URL ?? '',")} }`),
    bundle: bundled,
  },
};

export const javaScript: Snippet = {
  label: 'JavaScript',
  languages: ['javascript', 'javascriptreact'],
  write: {
    vault: byCommand({ signature: 'path, values = {}', answer: '' }),
    server: served(`{ ${environment} }`),
    bundle: bundled,
  },
};
