import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { extractLiteral } from '../../src/code/extractLiteral.ts';
import { fetchExpression, missingHelper } from '../../src/extension/code/fetchExpression.ts';
import { cliEnvironment, cliModule } from '../support/cliProcess.ts';
import { promoteToPrd, type TestVault, temporaryVault } from '../support/vaultBuilders.ts';

const sources = [
  {
    language: 'typescript',
    file: 'code.mts',
    command: process.execPath,
    text: [
      '// Prints a prompt.',
      'import {',
      '  join,',
      "} from 'node:path';",
      '',
      'const user: { name: string } = { name: "Ann {{x}} O\'Hara" };',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the source that is written here
      "const text = `You help ${user.name} in ${join('a', 'b')}.\\nKeep {{this}} as it is: \\\\ \\u00e4.`;",
      'console.log(text);',
    ],
  },
  {
    language: 'javascript',
    file: 'code.mjs',
    command: process.execPath,
    text: ["const name = 'Ann';", "const text = 'You help ' + name + ', \"dear\" ' + name;", 'console.log(text);'],
  },
  {
    language: 'python',
    file: 'code.py',
    command: 'python3',
    text: [
      '"""Prints a prompt."""',
      'from __future__ import annotations',
      '',
      'user = {"name": "Ann"}',
      'share = 0.256',
      'text = f"""You help {user["name"]}:\\n',
      '  {share:.1%} of {{braces}} ä"""',
      'print(text)',
    ],
  },
];

describe('code whose prompt was extracted to the vault', () => {
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

  for (const { language, file, command, text: lines } of sources) {
    it(`prints what it printed before: ${language}`, async () => {
      const run = async (text: string) => {
        await writeFile(join(folder, file), text);
        return (await promisify(execFile)(command, [file], { cwd: folder, env })).stdout;
      };
      const text = `${lines.join('\n')}\n`;
      const path = `extracted/${language}`;
      const literal = extractLiteral(text, language, text.indexOf('You help'));
      assert.ok(literal);
      const variables = literal.variables.map(({ name }) => ({ name }));
      test.vault.create({ path, messages: [{ role: 'user', content: literal.text }], variables });
      promoteToPrd(test.vault, `${path}@1.0`);

      const { start, end } = literal.range;
      const fetch = fetchExpression(language, { path, values: literal.variables });
      const fetching = text.slice(0, start) + fetch + text.slice(end);
      const helper = missingHelper(fetching, { languageId: language, path });
      assert.ok(helper);
      const rows = fetching.split('\n');
      rows.splice(helper.line, 0, helper.text);
      const extracted = rows.join('\n');
      assert.equal(missingHelper(extracted, { languageId: language, path }), undefined);
      assert.equal(extracted.includes('You help'), false);
      assert.equal(await run(extracted), await run(text));
    });
  }
});
