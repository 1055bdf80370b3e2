import { createHash } from 'node:crypto';

/** What Windows keeps for devices, with any ending. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/;
const longest = 64;

/**
 * A prompt's path as the name of a command or skill: lower-case letters, digits and single hyphens, 64 at most, which is what
 * the strictest of the formats takes.
 */
export function agentName(path: string): string {
  const plain = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const name = plain === '' || devices.test(plain) ? `prompt-${plain}`.replace(/-$/, '') : plain;
  if (name.length <= longest) return name;
  const mark = createHash('sha256').update(path).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - mark.length - 1).replace(/-+$/, '')}-${mark}`;
}
