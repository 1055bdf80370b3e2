import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { repository } from './npmTool.ts';
import type { VsCodeServer } from './vscodeServer.ts';

/** Adds what a page writes to its console to `lines`; extension host output is in it too. */
export function recordConsole(page: Page, lines: string[]): void {
  page.on('console', (message) => lines.push(`[${message.type()}] ${message.text()}`));
  page.on('pageerror', (error) => lines.push(`[pageerror] ${error.stack ?? error.message}`));
}

/** Leaves a screenshot and every log of a failed test in `test-results/<name>`. */
export async function keepEvidence(p: { name: string; page: Page; console: string[]; server: VsCodeServer }) {
  const name = p.name.replaceAll(/[^\w.-]+/g, '-').slice(0, 100);
  const folder = join(repository, 'test-results', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'browser.log'), p.console.join('\n'));
  await cp(join(p.server.state, 'server.log'), join(folder, 'server.log'));
  await cp(join(p.server.state, 'user/logs'), join(folder, 'logs'), { recursive: true }).catch(() => undefined);
  // Last, because a page that is gone has no picture.
  await p.page.screenshot({ path: join(folder, 'screenshot.png') }).catch(() => undefined);
  console.error(`  Screenshot and logs: test-results/${name}`);
}
