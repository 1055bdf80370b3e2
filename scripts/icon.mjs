import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../test/support/browser.ts';
import { root } from './install.mjs';

// node scripts/icon.mjs: draws media/icon.png, the Marketplace's picture, from icon.svg
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
await page.setContent(
  `<style>body{margin:0}svg{display:block}</style>${readFileSync(join(root, 'scripts/icon.svg'), 'utf8')}`,
);
await page.screenshot({ path: join(root, 'media/icon.png'), omitBackground: true });
await browser.close();
