import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accessProblems } from '../support/access.ts';
import { launchBrowser } from '../support/browser.ts';
import { type EndpointServer, openEndpointServer } from '../support/endpointServer.ts';
import { payloads } from '../support/payloads.ts';
import { type ServingCli, serveByCli } from '../support/serveCli.ts';
import { createReleased, promoteToPrd, type TestVault, temporaryVault, userMessage } from '../support/vaultBuilders.ts';

const path = 'support/triage';
const sort = 'Sort {{message}} in a {{tone}} tone.';

describe('the web library of promptvault serve', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let made: TestVault;
  let serving: ServingCli;
  let attacker: EndpointServer;
  let read: { id: string; token: string };
  const elsewhere: string[] = [];

  before(async function () {
    this.timeout(60_000);
    made = temporaryVault();
    [browser, serving, attacker] = await Promise.all([launchBrowser(), serveByCli(made.file), openEndpointServer()]);
    read = await serving.token('read');
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    context.on('request', (request) => {
      if (!request.url().startsWith(`${serving.url}/`)) elsewhere.push(request.url());
    });
    page = await context.newPage();
    page.on('dialog', (dialog) => elsewhere.push(`dialog ${dialog.message()}`));
  });
  after(async () => {
    await browser?.close();
    await serving?.stop();
    await attacker?.close();
    made?.remove();
  });

  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const row = (name: string | RegExp) => page.locator('.prompts').getByRole('link', { name });
  const go = (place: string) => page.goto(`${serving.url}/#/${place}`);
  async function signIn(token: string, on = page) {
    await on.getByLabel('Access token').fill(token);
    await on.keyboard.press('Enter');
  }

  it('asks for a token and says why one is not accepted', async () => {
    await page.goto(serving.url);
    await signIn(`${read.token.slice(0, -1)}?`);
    await page.getByText('does not accept this token').waitFor();
    await signIn(`${read.token.slice(0, -4)}AAAA`);
    await page.getByText('does not accept this token').waitFor();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await accessProblems(page), [], colorScheme);
    }
  });

  it('keeps the token in the session of the tab and nowhere else', async () => {
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    await signIn(read.token);
    await page.getByText('There is nothing to read yet').waitFor();
    assert.deepEqual(await page.evaluate(() => Object.values(sessionStorage)), [read.token]);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, '']);
    assert.deepEqual(await context.cookies(), []);
    assert.ok(sent.length > 0 && sent.every((url) => !url.includes(read.token)));
    assert.ok(!page.url().includes('pv_'));
  });

  it('lists what another process makes, as it happens', async () => {
    createReleased(made.vault, {
      path,
      ...{ title: 'Sort mails', tags: ['mail'], messages: [userMessage(sort)] },
      variables: [{ name: 'message' }, { name: 'tone', default: 'kind' }],
    });
    await row('triage').waitFor();
    for (let count = 0; count < 55; count += 1) {
      const name = `more/prompt-${String(count).padStart(3, '0')}`;
      made.vault.create({ path: name, messages: [userMessage(`Say ${count}`)], tags: ['bulk'] });
    }
    await page.getByText('56 prompts').waitFor();
  });

  it('pages, searches and filters, and keeps the place in the address', async () => {
    assert.equal(await page.locator('.prompts li').count(), 50);
    await page.getByRole('button', { name: /Show More/ }).scrollIntoViewIfNeeded();
    await row('prompt-054').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('kind tone sort');
    await page.getByText('No prompt fits').waitFor();
    await page.getByLabel('Search').fill('sort');
    await page.getByText('1 prompt found').waitFor();
    for (const name of ['#folders option[value=more]', '#tags option[value=bulk]'])
      await page.locator(name).waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await heading(/triage v1\.0 PRD/).waitFor();
    assert.match(page.url(), /#\/support\/triage\?search=sort$/);
    await page.getByLabel('Search').fill('');
    await page.getByLabel('Tag', { exact: true }).fill('bulk');
    await page.getByLabel('Stage').selectOption('DEV');
    await page.getByText('55 prompts found').waitFor();
    await page.reload();
    await page.getByText('55 prompts found').waitFor();
    await heading(/triage v1\.0 PRD/).waitFor();
  });

  it('fills in variables as applications get them, and copies both texts', async () => {
    await go(path);
    await page.getByText('Still to fill in: message.').waitFor();
    await page.getByRole('button', { name: 'Copy as Written' }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), sort);
    await page.getByLabel('message (required)').fill('<b>lost</b> {{tone}}');
    await page.getByText('Sort <b>lost</b> {{tone}} in a kind tone.').waitFor();
    await page.getByRole('button', { name: 'Copy Filled In' }).click();
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      'Sort <b>lost</b> {{tone}} in a kind tone.',
    );
    await page.getByText('Copy Filled In: copied.').waitFor({ state: 'attached' });
  });

  it('says that a newer version is in production, and leaves the text that is being read', async () => {
    made.vault.createVersion({ ref: `${path}@1.0`, rationale: 'Calmer' });
    made.vault.edit({ ref: `${path}@1.1`, messages: [userMessage('Sort {{message}} in a calm {{tone}} tone.')] });
    promoteToPrd(made.vault, `${path}@1.1`);
    await page.getByText('A newer version is in production').waitFor();
    await page.getByText(sort, { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Show v1.1' }).click();
    await heading(/triage v1\.1 PRD/).waitFor();
    const versions = page.getByRole('complementary', { name: 'Versions' });
    await versions.getByText(/In production .*replaced by v1\.1/).waitFor();
    await versions.getByText('Calmer').waitFor();
  });

  it('shows what differs between two versions, word by word', async () => {
    await page.getByRole('link', { name: 'Compare v1.0 with v1.1' }).click();
    await page.getByRole('heading', { name: 'Changes' }).waitFor();
    assert.deepEqual(await page.locator('ins').allTextContents(), ['calm ']);
    assert.equal(await page.locator('del').count(), 0);
    await go(`${path}@1.0?compare=1.1`);
    await heading(/triage v1\.0 RET/).waitFor();
    await page.reload();
    await page.locator('ins').waitFor();
    assert.deepEqual(await page.locator('ins').allTextContents(), ['calm ']);
    await go(`${path}@1.1?compare=1.0`);
    await heading(/triage v1\.1 PRD/).waitFor();
    await page.getByRole('link', { name: 'Show the whole text' }).click();
    await page.getByText('in a calm').first().waitFor();
  });

  it('runs, loads and follows nothing that a prompt says', async () => {
    const bad = payloads(attacker.url);
    for (const [index, text] of bad.entries()) {
      made.vault.create({
        ...{ path: `bad/prompt-${index}`, title: text.replaceAll(/\p{Cc}/gu, ''), description: text, rationale: text },
        messages: [userMessage(`${text} {{value}}`), { role: 'system', content: text }],
        ...{ variables: [{ name: 'value', default: text, description: text }], settings: { stop: text } },
      });
    }
    made.vault.create({ path: 'bad/all', messages: bad.map((text) => userMessage(text)) });
    made.vault.createVersion({ ref: 'bad/all@1.0' });
    made.vault.edit({ ref: 'bad/all@1.1', messages: bad.map((text) => userMessage(`changed ${text}`)) });

    const elements =
      'img, iframe, object, embed, script, svg, style, link, video, form:not(.filters), base, meta, math';
    const nothingMade = async (said: string | undefined) => {
      assert.equal(await page.locator('#root').locator(elements).count(), 0, said);
      assert.equal(await page.locator('#root a[href]:not([href^="#/"])').count(), 0, said);
    };
    await go(`?folder=bad`);
    await page.getByText(`${bad.length + 1} prompts found`).waitFor();
    for (const index of bad.keys()) {
      await go(`bad/prompt-${index}?folder=bad`);
      await heading(`prompt-${index} v1.0`).waitFor();
      await page.locator('.message.filled').first().waitFor();
      await nothingMade(bad[index]);
    }
    await go('bad/all@1.1?folder=bad&compare=1.0');
    await page.getByRole('heading', { name: 'Changes' }).waitFor();
    await nothingMade('the difference');
    assert.equal(await page.locator('ins').count(), bad.length);
    assert.equal(await page.evaluate(() => (window as { ran?: number }).ran), undefined);
    assert.deepEqual(attacker.received, []);
    assert.deepEqual(elsewhere, []);
  }).timeout(30_000);

  for (const scheme of ['light', 'dark', 'forced colours'] as const) {
    it(`has no serious access problem, ${scheme}`, async () => {
      const forced = scheme === 'forced colours';
      await page.emulateMedia({ colorScheme: forced ? 'dark' : scheme, forcedColors: forced ? 'active' : 'none' });
      for (const place of [`${path}@1.1`, `${path}@1.1?compare=1.0&search=zzz`]) {
        await go(place);
        await page.locator('.prompts li, .list .empty').first().waitFor();
        await page.locator('.prompt .text, .prompt .problem, .prompt .empty').first().waitFor();
        assert.deepEqual(await accessProblems(page), [], place);
      }
    });
  }

  it('is one column on a phone, where the prompt takes the place of the list and keys still lead there and back', async () => {
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    await page.setViewportSize({ width: 360, height: 640 });
    await go('?search=sort');
    await row('triage').focus();
    await page.keyboard.press('Enter');
    await heading(/triage/).waitFor();
    assert.equal(await page.getByRole('navigation', { name: 'Prompts' }).isVisible(), false);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
    assert.deepEqual(await accessProblems(page), []);
    await page.getByRole('link', { name: 'All prompts' }).press('Enter');
    await row('triage').waitFor();
    assert.equal(await row('triage').evaluate((link) => link === document.activeElement), true);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('shows a token for production what is in production, and nothing of drafts', async () => {
    const { token } = await serving.token('read-prd');
    made.vault.createVersion({ ref: `${path}@1.1` });
    made.vault.edit({ ref: `${path}@1.2`, messages: [userMessage('Unreleased zebra')] });
    await page.getByRole('button', { name: 'Sign Out' }).click();
    await signIn(token);
    await page.getByText('1 prompt', { exact: true }).waitFor();
    await row('triage').click();
    await heading(/triage v1\.1 PRD/).waitFor();
    await page.getByText('Other versions need the scope read').waitFor();
    assert.doesNotMatch((await page.locator('body').textContent()) ?? '', /zebra|DEV|v1\.0/);
  });

  it('says when the server is away, and goes on by itself when it is back', async () => {
    const { port } = new URL(serving.url);
    await serving.stop();
    await page.getByText('No connection, trying again').waitFor();
    promoteToPrd(made.vault, `${path}@1.2`);
    serving = await serveByCli(made.file, Number(port));
    await page.getByText('A newer version is in production').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  }).timeout(30_000);

  it('asks for another token once this one is revoked, and forgets it', async () => {
    await page.getByRole('button', { name: 'Sign Out' }).click();
    await signIn(read.token);
    await page.getByText('Live', { exact: true }).waitFor();
    await serving.revoke(read.id);
    await page.getByText('It may have expired or been revoked').waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  });
});
