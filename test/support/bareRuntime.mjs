import { readFile } from 'node:fs/promises';
import { createContext, SourceTextModule } from 'node:vm';

// node --experimental-vm-modules bareRuntime.mjs <client> <url> <token> <path>
// The client in a runtime that has what the Web has and nothing of Node: no process, no Buffer, no import.
const [file, url, token, path] = process.argv.slice(2);
const web =
  'fetch Headers URL AbortSignal AbortController TextEncoder crypto performance setTimeout clearTimeout structuredClone';
const names = web.split(' ');
const context = createContext({
  ...Object.fromEntries(names.map((name) => [name, globalThis[name]])),
  asked: { url, token, path },
});
const refuse = (specifier) => {
  throw new Error(`there is no ${specifier} here`);
};
const load = async (code) => {
  const module = new SourceTextModule(code, { context, importModuleDynamically: refuse });
  await module.link(refuse);
  await module.evaluate();
  return module.namespace;
};
const { createClient } = await load(await readFile(file, 'utf8'));
const client = createClient({ source: { url, token } });
const served = await client.get(path, { variables: { mail: 'Hi' } });
const codes = [];
for (const source of [{ bundle: 'prompts.json' }, { vault: 'vault.db' }])
  await createClient({ source })
    .get(path)
    .catch(({ code }) => codes.push(code));
try {
  createClient({ source: { url }, directory: 'kept' });
} catch ({ code }) {
  codes.push(code);
}
console.log(JSON.stringify({ served, codes }));
