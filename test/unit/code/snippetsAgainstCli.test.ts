import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { snippets } from '../../../src/code/snippets.ts';
import { openVault } from '../../../src/vault/vault.ts';
import { cliModule } from '../../support/cliProcess.ts';
import { useFileTree } from '../../support/fileTree.ts';
import { snippetRunners } from '../../support/snippetRunners.ts';
import { promoteToPrd, testActor } from '../../support/vaultBuilders.ts';

describe('snippets with the real command', () => {
  const tree = useFileTree();

  for (const { label, write } of snippets) {
    it(`fetch the production version in ${label}`, async () => {
      const command = `#!/bin/sh\nexec '${process.execPath}' '${cliModule}' "$@"\n`;
      await mkdir(join(tree.folder, 'bin'));
      await writeFile(join(tree.folder, 'bin/promptvault'), command, { mode: 0o755 });
      const file = join(tree.folder, '.promptvault/vault.db');
      const vault = openVault(file, { actor: testActor, mode: 'create' });
      const messages = [{ role: 'user' as const, content: 'Sort {{mail}} in a {{tone}} way.\n' }];
      const variables = [{ name: 'mail' }, { name: 'tone', default: 'kind' }];
      promoteToPrd(vault, `${vault.create({ path: 'support/triage', messages, variables }).path}@1.0`);
      const values = { mail: '<mail>' };
      const served = vault.get({ ref: 'support/triage', values });
      vault.close();

      const { file: name, command: runner, print } = snippetRunners[label]!;
      await tree.write({ [`work/${name}`]: write({ path: 'support/triage', variables }) + print });
      const env = { ...process.env, PATH: join(tree.folder, 'bin') + delimiter + process.env.PATH };
      const { stdout } = await promisify(execFile)(runner, [name], { cwd: join(tree.folder, 'work'), env });
      assert.deepEqual(JSON.parse(stdout), served);
      assert.equal(served.messages[0]?.content, 'Sort <mail> in a kind way.\n');
    });
  }
});
