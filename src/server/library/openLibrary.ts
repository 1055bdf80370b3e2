import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StaticFile, StaticFiles } from '../staticFiles.ts';

/** Nothing inline, nothing from elsewhere, no frame around it; no text becomes a script. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');
const headers = {
  'content-security-policy': policy,
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};
const keptForEver = 'public, max-age=31536000, immutable';

/**
 * The web library as files: an index without any data at `/`, and its script, style and icon, whose names change with their
 * content so that they may be kept for ever. `folder` is where the build puts them; they are read once. Fails with ENOENT
 * where nothing was built.
 */
export function openLibrary(folder: string = builtFolder()): StaticFiles {
  const files = new Map<string, StaticFile>();
  const add = (file: string, contentType: string): string => {
    const text = readFileSync(join(folder, file), 'utf8').replace(/^\/[/*]# sourceMappingURL=.*$/m, '');
    const [name, ending] = file.split('/').at(-1)!.split('.');
    const path = `/library/${name}-${hash('sha256', text, 'base64url').slice(0, 16)}.${ending}`;
    files.set(path, { ...toFile(text, contentType), cacheControl: keptForEver });
    return path;
  };
  const index = page({
    script: add('library.js', 'text/javascript; charset=utf-8'),
    style: add('library.css', 'text/css; charset=utf-8'),
    icon: add('../media/promptvault.svg', 'image/svg+xml'),
  });
  files.set('/', toFile(index, 'text/html; charset=utf-8'));
  return (path) => files.get(path);
}

function toFile(text: string, contentType: string): StaticFile {
  const body = Buffer.from(text);
  return { contentType, body, etag: `"${hash('sha256', body, 'base64url').slice(0, 27)}"`, headers };
}

/** Beside the bundle that serves it, or in `dist` where the sources run. */
function builtFolder(): string {
  const here = import.meta.dirname;
  const places = [here, join(here, '..'), join(here, '../../../dist')];
  return places.find((place) => existsSync(join(place, 'library.js'))) ?? here;
}

const page = ({ script, style, icon }: { script: string; style: string; icon: string }) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>PromptVault</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="root"></div>
<noscript>This page needs JavaScript.</noscript>
<script type="module" src="${script}"></script>
</body>
</html>
`;
