import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchBrowser } from './browser.ts';
import { repository } from './npmTool.ts';
import { removeFolder } from './vscodeServer.ts';
import { type Findings, listWindows, runWindow } from './vscodeWindows.ts';

// node test/support/runVsCodeTests.ts <report.json> [window…]
const [report, ...wanted] = process.argv.slice(2);
if (!report) throw new Error('Name the file for the report');

const home = await mkdtemp(join(tmpdir(), 'promptvault-vscode-'));
const browser = await launchBrowser();
const total = { passed: 0, skipped: 0, failures: [] as Findings['failures'], again: [] as Findings['failures'] };
try {
  for (const name of await listWindows()) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    let found = await run(name);
    // A window is late now and then; what is wrong fails twice.
    if (found.failures.length > 0) {
      total.again.push(...found.failures);
      found = await run(name);
    }
    const { passed, skipped, failures } = found;
    console.log(`${name}: ${passed} passed, ${failures.length} failed`);
    for (const { title, message } of failures) console.log(`  ${title}\n${message}`);
    total.passed += passed;
    total.skipped += skipped;
    total.failures.push(...failures);
  }
} finally {
  await browser.close();
  await removeFolder(home);
}

/** What ships is tested as it ships. */
async function run(name: string): Promise<Findings> {
  try {
    const vsix = name === 'packaged' ? await packageVsix() : undefined;
    return await runWindow({ name, browser, home, vsix });
  } catch (error) {
    const message = (error as { stderr?: string }).stderr || String((error as Error).stack);
    return { passed: 0, skipped: 0, failures: [{ title: `VS Code window ${name}`, message }] };
  }
}

async function packageVsix(): Promise<string> {
  const file = join(home, 'promptvault.vsix');
  await promisify(execFile)(process.execPath, [join(repository, 'scripts/package.mjs'), file]);
  return file;
}

await writeFile(report, JSON.stringify(total));
process.exitCode = total.failures.length > 0 ? 1 : 0;
