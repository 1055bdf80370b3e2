import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makePrompt } from './makePrompt.ts';

// node clientPeer.ts <prompts>: the same prompts as our API and as Langfuse's tell them, from memory, so that what differs is
// the client.
const size = Number(process.argv[2]);
const answers = new Map<string, string>();
const asked = { ours: 0, langfuse: 0 };

for (let i = 0; i < size; i += 1) {
  const { path, versions, tags } = makePrompt(i, size);
  const live = versions.find(({ stage }) => stage === 'PRD');
  if (!live) continue;
  const { minor, hash, messages, settings, variables } = live;
  const own = `{"path":"${path}","version":"1.${minor}","hash":"${hash}","messages":${messages},"settings":${settings},"variables":${variables}}`;
  const about = { name: path, version: minor + 1, type: 'chat', labels: ['production'], tags, commitMessage: null };
  const theirs = { ...about, prompt: JSON.parse(messages), config: JSON.parse(settings) };
  answers.set(`/v1/get/${path}`, own);
  answers.set(`/api/public/v2/prompts/${encodeURIComponent(path)}`, JSON.stringify(theirs));
}

const server = createServer(({ url = '' }, response) => {
  if (url === '/asked') {
    response.end(JSON.stringify(asked));
    asked.ours = asked.langfuse = 0;
    return;
  }
  const body = answers.get(url.replace(/\?.*/, ''));
  asked[url.startsWith('/v1/') ? 'ours' : 'langfuse'] += 1;
  if (!body) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
});
