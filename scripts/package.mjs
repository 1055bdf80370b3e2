import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, install, root, run } from './install.mjs';

// node scripts/package.mjs [file.vsix]
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const target = resolve(process.argv[2] ?? join(root, `${name}-${version}.vsix`));
await install();
await build();
// Everything is bundled, so nothing of node_modules goes in; `files` in package.json lists what does.
const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
await run('vsce', ['package', ...flags, '--out', target]);
