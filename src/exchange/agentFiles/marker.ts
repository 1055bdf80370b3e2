import { createHash } from 'node:crypto';
import type { Served } from '../../vault/types.ts';
import type { AgentFileText } from './agentFormats.ts';

export type Marked = { path: string; version: string; hash: string /** As it was written. */; untouched: boolean };

const pattern = /^<!-- promptvault (\S+)@(\d+\.\d+) (sha256:[0-9a-f]{64}) text:([0-9a-f]{32}) [^\n]*-->$/m;
const advice = 'Change it in the vault: this file is written again';
const withLineFeeds = (text: string) => text.replaceAll('\r\n', '\n');
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** The file's text: front matter, a line that says which version it is and how the rest read, the body. */
export function markedText({ head, body }: AgentFileText, { path, version, hash }: Served): string {
  const lines =
    head === null
      ? []
      : ['---', ...Object.entries(head).map(([key, value]) => `${key}: ${JSON.stringify(value)}`), '---', ''];
  const before = lines.map((line) => `${line}\n`).join('');
  const after = `\n\n${withLineFeeds(body).trimEnd()}\n`;
  const mark = `<!-- promptvault ${path}@${version} ${hash} text:${digestOf(before + after)} ${advice} -->`;
  return before + mark + after;
}

/** What a file says of itself; undefined when it is none of ours. Line ends may be those of any system. */
export function readMarker(text: string): Marked | undefined {
  const plain = withLineFeeds(text);
  const found = pattern.exec(plain);
  if (!found) return undefined;
  const [line, path = '', version = '', hash = '', digest] = found;
  const rest = plain.slice(0, found.index) + plain.slice(found.index + line.length);
  return { path, version, hash, untouched: digestOf(rest) === digest };
}

export const sameText = (a: string, b: string) => withLineFeeds(a) === withLineFeeds(b);
