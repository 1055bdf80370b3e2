import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openRawVault } from './rawVault.ts';

type Row = { hash: string; major: number; minor: number; messages: string; settings: string; variables: string };

// What somebody would write by hand to serve prompts: node:http, the same prepared statement, no tokens, checks or log. The
// stored texts are JSON already, so they are put together without being parsed.
const raw = openRawVault(process.argv[2]!);
const live = raw.prepare<[string], Row>(`SELECT c.hash, c.messages, c.settings, c.variables, v.major, v.minor
  FROM (SELECT major, minor, content_hash FROM versions INDEXED BY versions_served
    WHERE stage = 'PRD' AND prompt_id = (SELECT id FROM prompts WHERE path = ?)) v
  CROSS JOIN contents c ON c.hash = v.content_hash`);
const prefix = '/v1/get/';

const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url!.slice(prefix.length));
  const row = live.get(path);
  if (!row) {
    response.writeHead(404).end();
    return;
  }
  const { hash, major, minor, messages, settings, variables } = row;
  const version = `${major}.${minor}`;
  const etag = `"${version}-${hash}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const body = `{"path":"${path}","version":"${version}","hash":"${hash}","messages":${messages},"settings":${settings},"variables":${variables}}`;
  const length = Buffer.byteLength(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length, etag }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
