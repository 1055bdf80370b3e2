import assert from 'node:assert/strict';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findReferences } from '../../src/code/findReferences.ts';
import { cliEnvironment, cliModule } from '../support/cliProcess.ts';
import { NotHere, runProgram } from '../support/compilers.ts';
import { extractedProgram, extractedSources } from '../support/extractedSources.ts';
import { type TestVault, temporaryVault } from '../support/vaultBuilders.ts';

describe('code whose prompts were extracted to the vault', () => {
  let test: TestVault;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    test = temporaryVault();
    folder = join(test.file, '../..');
    await mkdir(join(folder, 'bin'));
    const command = `#!/bin/sh\nexec '${process.execPath}' '${cliModule}' "$@"\n`;
    await writeFile(join(folder, 'bin/promptvault'), command, { mode: 0o755 });
    env = cliEnvironment({ PATH: join(folder, 'bin') + delimiter + process.env.PATH });
  });
  after(() => test.remove());

  for (const source of extractedSources) {
    const { language, id, ending, slow } = source;
    it(`names them, and what it passes: ${language}`, async () => {
      const own = temporaryVault();
      try {
        const { after } = await extractedProgram(source, own.vault);
        const found = findReferences(after, id);
        const passed = (path: string) => own.vault.show({ ref: path }).variables.map(({ name }) => name);
        assert.ok(found.length > 0);
        for (const { path, variables } of found) {
          const names = variables?.names.map(({ name }) => name) ?? [];
          assert.deepEqual(names.toSorted(), passed(path).toSorted());
        }
      } finally {
        own.remove();
      }
    });

    if (slow) continue;
    it(`prints what it printed before: ${language}`, async function () {
      const { before, after } = await extractedProgram(source, test.vault);
      const run = async (name: string, text: string) => runProgram(language, { folder, name, text, env });
      try {
        const expected = await run(`before-${ending}`, before);
        assert.ok(expected.includes('You help'));
        assert.equal(await run(`after-${ending}`, after), expected);
      } catch (error) {
        if (!(error instanceof NotHere)) throw error;
        this.skip();
      }
      await assert.rejects(access(join(folder, 'pwned')));
    });
  }
});
