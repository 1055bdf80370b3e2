import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { usePanels, waitForCalls } from '../../support/panelHarness/usePanels.ts';

const plain = 'pv-message >> nth=0 >> .plain';
const keys = 'pv-message >> nth=0 >> .keys';
const editor = 'pv-message >> nth=0 >> .cm-content';
const card = 'pv-message >> nth=0';

describe('Opening the editor panel', function () {
  this.timeout(60_000);
  const panels = usePanels();

  /** The text editors come when `release` is called. */
  const openHeldBack = async (query: Record<string, string> = {}) => {
    const { promise, resolve: release } = Promise.withResolvers<void>();
    const hold = (page: Page) =>
      page.route('**/textEditors.js', async (route) => {
        await promise;
        await route.continue();
      });
    const page = await panels.open('editor', query, hold);
    await page.locator(plain).waitFor();
    return { page, release };
  };

  it('shows the text before its editor is there, of the same height and with the same words in every place', async () => {
    const { page, release } = await openHeldBack();
    const wordAt = () =>
      page.locator('pv-message >> nth=0 >> .pv-declared >> nth=0').evaluate((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return { text: one.textContent, place: [x, y, width, height].map((n) => Math.round(n * 10) / 10) };
      });
    const before = [await page.locator(card).boundingBox(), await page.locator(plain).textContent(), await wordAt()];
    release();
    await page.locator(editor).waitFor();
    assert.equal(await page.locator(plain).count(), 0);
    const lines = await page.locator('pv-message >> nth=0 >> .cm-line').allTextContents();
    assert.deepEqual([await page.locator(card).boundingBox(), lines.join('\n'), await wordAt()], before);
    assert.deepEqual(panels.problems, []);
  });

  it('names the text for screen readers as its editor does, and hands the focus over', async () => {
    const { page, release } = await openHeldBack();
    const name = await page.locator(keys).getAttribute('aria-label');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    assert.equal(await page.locator(keys).evaluate((one) => one.matches(':focus')), true);
    release();
    await page.locator(editor).waitFor();
    assert.equal(await page.locator(editor).getAttribute('aria-label'), name);
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('typed ');
    assert.match((await page.locator(editor).textContent()) ?? '', /^typed /);
  });

  it('keeps what is typed before its editor is there, with the caret, the selection and a way back', async () => {
    const { page, release } = await openHeldBack();
    const text = async () => (await page.locator('pv-message >> nth=0 >> .cm-line').allTextContents()).join('\n');
    const before = await page.locator(plain).textContent();
    await page.locator(keys).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('First {{topic}}');
    await page.keyboard.press('Enter');
    assert.equal(await page.locator(plain).textContent(), `First {{topic}}\n${before}`);
    await page.keyboard.press('Control+End');
    // Slower than the page answers and faster than it: no key waits for the one before.
    await page.keyboard.type('last words', { delay: 15 });
    await page.keyboard.press('Shift+Control+ArrowLeft');
    release();
    await page.keyboard.type('line');
    await page.locator(editor).waitFor();
    await page.keyboard.type(' of all');
    assert.equal(await text(), `First {{topic}}\n${before}last line of all`);
    await page.keyboard.press('Control+s');
    const [saved] = await waitForCalls(page, 'save');
    const { content } = saved as { content: { messages: { content: string }[] } };
    assert.equal(content.messages[0]?.content, `First {{topic}}\n${before}last line of all`);
    for (let undos = 0; undos < 4; undos += 1) await page.keyboard.press('Control+z');
    assert.equal(await text(), before);
    assert.deepEqual(panels.problems, []);
  });

  it('takes no key in production, and still lets its text be chosen', async () => {
    const { page, release } = await openHeldBack({ version: '2.2' });
    const before = await page.locator(plain).textContent();
    await page.locator(keys).focus();
    await page.keyboard.type('lost');
    assert.equal(await page.locator(plain).textContent(), before);
    await page.keyboard.press('Control+a');
    release();
    await page.locator(editor).waitFor();
    assert.equal(await page.evaluate(() => String(getSelection()).length > 10), true);
  });

  it('says when the text editors cannot be loaded', async () => {
    const page = await panels.open('editor', {}, (one) => one.route('**/textEditors.js', (route) => route.abort()));
    await page.getByRole('alert').first().waitFor();
    await page.locator(plain).waitFor();
  });

  it('shows what the page came with while the host has not answered', async () => {
    const page = await panels.open('editor', { early: 'of then', state: 'slow' });
    await page.locator(editor).getByText('of then').waitFor();
  });

  it('can be typed in while a server is still asked for its models, and says in their menu that it is', async () => {
    const page = await panels.open('editor', { state: 'slowModels' });
    await page.locator(editor).click();
    await page.keyboard.type('typed ');
    await page.getByText('Unsaved changes').waitFor();
    await page.getByRole('button', { name: 'Choose a model' }).click();
    await page.getByRole('menuitem', { name: 'Looking for models…' }).waitFor();
  });

  it('asks for its models again when a key was set', async () => {
    const page = await panels.open('editor');
    await waitForCalls(page, 'models');
    await page.evaluate(() => window.harness.send('keysChanged', {}));
    await waitForCalls(page, 'models', 2);
  });

  it('shows what is stored in place of what an older page came with', async () => {
    const page = await panels.open('editor', { early: 'of then' });
    await waitForCalls(page, 'load');
    await page.locator(editor).getByText('of then').waitFor({ state: 'detached' });
    await page.locator(editor).waitFor();
    assert.equal(await page.getByText('Unsaved changes').count(), 0);
    assert.deepEqual(panels.problems, []);
  });
});
