import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/cliProcess.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The commands a newcomer copies, as they stand in the README, with the built command line. */
describe('the tour of the README', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('runs as it is written and ends where it says', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const script = /## The tour[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const here = join(folder.path(), 'tour');
    const said = execFileSync('bash', ['-euo', 'pipefail', '-c', script.replaceAll('/tmp/promptvault-tour', here)], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const order = [
      '225 created, 0 updated, 0 unchanged',
      '0 created, 0 updated, 225 unchanged',
      'fabric/create_summary',
      'exit code 100',
      'Customer: Hello',
      'Hello',
      'Talks like a pirate',
    ];
    let at = 0;
    for (const text of order) {
      const found = said.indexOf(text, at);
      assert.ok(found >= 0, `"${text}" comes next in:\n${said.slice(at)}`);
      at = found + text.length;
    }
  });
});
