import { VaultError } from '../shared/errors.ts';

const segment = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const maxLength = 400;

export type PathParts = { path: string; folder: string; name: string };

/** `folder/…/name` in its parts; the folder is '' at the top. Throws INVALID_PATH. */
export function parsePath(path: string): PathParts {
  const segments = String(path).split('/');
  if (typeof path !== 'string' || path.length > maxLength || !segments.every((part) => segment.test(part))) {
    const why =
      `"${path}" is not a prompt's path. Use folder/name with letters, digits, ".", "_" and "-" (not first), ` +
      `at most ${maxLength} characters`;
    throw new VaultError('INVALID_PATH', why, { path });
  }
  return { path, folder: segments.slice(0, -1).join('/'), name: segments.at(-1)! };
}
