/**
 * Opens each vault named on stdin, one per line, as the engine does, looks at everything and closes it. One line of JSON
 * per vault, after "ready": what it met, and how long it took. A process of its own, so that a crash or a hang is seen from outside.
 */
import { createInterface } from 'node:readline';
import { codeOf } from '../../src/shared/errors.ts';
import type { Guard } from '../../src/vault/database.ts';
import { openVault } from '../../src/vault/vault.ts';

const without = process.argv.slice(2) as Guard[];

function look(file: string): { code: string; message: string } {
  try {
    const vault = openVault(file, { actor: 'tester', without });
    try {
      const { prompts } = vault.list({ limit: 50 });
      for (const { path } of prompts.slice(0, 5)) {
        vault.history({ path });
        vault.show({ ref: path });
      }
      const { ok, problems } = vault.verify();
      return { code: ok ? 'WHOLE' : 'FOUND', message: problems[0]?.detail ?? '' };
    } finally {
      vault.close();
    }
  } catch (error) {
    return { code: codeOf(error), message: (error as Error).message };
  }
}

process.stdout.write('ready\n');
for await (const file of createInterface({ input: process.stdin })) {
  const started = performance.now();
  const seen = look(file);
  process.stdout.write(`${JSON.stringify({ file, ...seen, ms: performance.now() - started })}\n`);
}
