import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from '../browser.ts';
import { servePanels } from './servePanels.ts';
import { themeNames } from './themes.ts';

// Usage: node test/support/panelHarness/screenshots.ts <folder> [part of a name]
const [folder = 'test-results/panels', part = ''] = process.argv.slice(2);
const sizes = [480, 900, 1600];
const scenes: { name: string; panel: 'editor' | 'lab'; query: Record<string, string> }[] = [
  { name: 'editor-draft', panel: 'editor', query: {} },
  { name: 'editor-production', panel: 'editor', query: { version: '2.2' } },
  { name: 'lab-done', panel: 'lab', query: { state: 'done' } },
  { name: 'lab-empty', panel: 'lab', query: { state: 'empty' } },
];

await mkdir(folder, { recursive: true });
const [server, browser] = await Promise.all([servePanels(), launchBrowser()]);
for (const theme of themeNames) {
  for (const width of sizes) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on('console', (message) => console.log(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => console.log(`page error: ${error.stack}`));
    for (const { name, panel, query } of scenes) {
      const file = `${name}-${theme}-${width}.png`;
      if (!file.includes(part)) continue;
      await page.goto(server.url(panel, { ...query, theme }));
      await page.waitForTimeout(900);
      await page.screenshot({ path: join(folder, file), fullPage: panel === 'editor' });
    }
    await page.close();
  }
}
await browser.close();
await server.close();
