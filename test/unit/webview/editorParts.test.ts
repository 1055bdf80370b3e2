import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { EditorSave } from '../../../src/engine/panels.ts';
import { callsOf, usePanels, waitForCalls } from '../../support/panelHarness/usePanels.ts';

const firstMessage = 'pv-message >> nth=0 >> .cm-content';

describe('Messages, samples, settings and labels of the editor panel', function () {
  this.timeout(60_000);
  const panels = usePanels();

  const lastSave = async (page: Page) => (await callsOf(page, 'save')).at(-1) as EditorSave | undefined;
  const openDraft = async (query: Record<string, string> = {}) => {
    const page = await panels.open('editor', query);
    await page.locator(firstMessage).waitFor();
    return page;
  };
  const roles = (page: Page) =>
    page.locator('pv-message select').evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));

  it('tells screen readers where a message has gone, and keeps the focus on it', async () => {
    const page = await openDraft();
    await page.getByRole('button', { name: /^Move message 1 down/ }).click();
    await page.getByRole('status').getByText('system message is now 2 of 2').waitFor();
    await page.locator('pv-message >> nth=0 >> .cm-content').click();
    await page.keyboard.press('Alt+Shift+PageDown');
    await page.getByRole('status').getByText('user message is now 2 of 2').waitFor();
    await page.keyboard.type('typed ');
    assert.match((await page.locator('pv-message >> nth=1 >> .cm-content').textContent()) ?? '', /typed /);
  });

  it('moves a message by dragging its grip', async () => {
    const page = await openDraft();
    await page.locator('pv-message >> nth=0 >> .grip').dragTo(page.locator('pv-message >> nth=1 >> .head'));
    assert.deepEqual(await roles(page), ['system', 'user']);
    const target = page.locator('pv-message >> nth=1');
    const { height } = (await target.boundingBox())!;
    await page.locator('pv-message >> nth=0 >> .grip').dragTo(target, { targetPosition: { x: 60, y: height - 4 } });
    assert.deepEqual(await roles(page), ['user', 'system']);
    assert.equal(await page.locator('pv-message >> nth=0 >> .cm-content').textContent(), '{{message}}');
    await page.getByText('Unsaved changes').waitFor();
  });

  it('folds messages to their first words and remembers which', async () => {
    const page = await openDraft();
    await page.getByRole('button', { name: 'Collapse message 1' }).click();
    await page.locator(firstMessage).waitFor({ state: 'hidden' });
    await page
      .locator('pv-message >> nth=0 >> .head')
      .getByText(/^You are a support agent/)
      .waitFor();
    const folded = () => page.evaluate(() => (window.harness.state as { folded: number[] }).folded);
    assert.deepEqual(await folded(), [0]);
    await page.getByRole('button', { name: 'Collapse all' }).click();
    assert.deepEqual(await folded(), [0, 1]);
    await page.getByRole('button', { name: 'Expand all' }).click();
    await page.locator(firstMessage).waitFor();
  });

  it('shows each sample in the preview, adds, renames and removes them, and takes rows of a file', async () => {
    const page = await openDraft();
    const preview = page.locator('pv-preview');
    await page.getByRole('button', { name: 'Add sample' }).click();
    await page.getByLabel('Value of message in Sample 2').fill('Where is my money?');
    await preview.getByText('Where is my money?').waitFor();
    await preview.getByRole('button', { name: 'Preview of Sample 2' }).waitFor();
    await page.getByRole('button', { name: 'Sample 1', exact: true }).click();
    await preview.getByText('My new card has not arrived yet.').waitFor();
    await page.getByRole('button', { name: 'More for Sample 2' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByLabel('Name of Sample 2').fill('Money');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Use cases from file…' }).click();
    await preview.getByText('My card is lost').waitFor();
    await page.getByRole('button', { name: 'More for Fees' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await waitForCalls(page, 'saveSamples');
    await page.waitForFunction(() =>
      window.harness.calls.some(({ params }) => (params as { samples?: unknown[] } | null)?.samples?.length === 3),
    );
    const last = (await callsOf(page, 'saveSamples')).at(-1) as { samples: { name: string }[]; chosen: string };
    assert.deepEqual(
      last.samples.map(({ name }) => name),
      ['Sample 1', 'Money', 'Lost card'],
    );
    assert.equal(await page.getByText('Saved · revision 3').count(), 1);
  });

  it('tests with the samples as they stand, stored before the Lab opens', async () => {
    const page = await openDraft();
    await page.getByLabel('Value of message').first().fill('Typed a moment ago');
    await page.getByRole('button', { name: 'Test with these' }).click();
    await waitForCalls(page, 'run');
    const calls = await page.evaluate(() => window.harness.calls);
    const order = calls.filter(({ method }) => method === 'saveSamples' || method === 'run');
    assert.deepEqual(order.at(-1), { method: 'run', params: { action: 'testSamples' } });
    const { samples } = order.at(-2)!.params as { samples: { values: { message: string } }[] };
    assert.equal(samples[0]?.values.message, 'Typed a moment ago');
  });

  it('edits all settings as JSON, says where it is none, and knows the same settings again', async () => {
    const page = await openDraft();
    await page.getByRole('button', { name: 'Edit as JSON' }).click();
    const json = page.getByLabel('All settings as JSON');
    assert.equal(await page.getByText('Saved · revision 3').count(), 1);
    await json.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText('{ "seed": 7,\n  "temperature" 1 }');
    await page.getByText('Line 2, column 17: ":" expected').waitFor();
    await page.locator('pv-json .cm-lintRange-error').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('A setting cannot be read').waitFor();
    assert.deepEqual(await callsOf(page, 'save'), []);
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{ "seed": 7, "temperature": 1 }');
    await page.getByRole('button', { name: 'Edit as form' }).click();
    assert.equal(await page.getByLabel('Temperature').last().inputValue(), '1');
    await page.keyboard.press('Control+s');
    await page.getByText('Saved · revision 4').waitFor();
    assert.deepEqual((await lastSave(page))?.content.settings, { seed: 7, temperature: 1 });
  });

  it('mends placeholders with one click', async () => {
    const page = await openDraft();
    await page.locator(firstMessage).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' {{customer name');
    await page.keyboard.press('Escape');
    await page.locator('pv-message >> nth=0 >> .cm-lintRange-info').waitFor();
    await page.locator('pv-message >> nth=0 >> .pv-malformed').hover();
    await page.getByRole('button', { name: 'Change to {{customer_name}}' }).click();
    // The texts are looked at anew once typing rests.
    await page.mouse.move(5, 5);
    await page.waitForTimeout(600);
    await page.locator('pv-message >> nth=0 >> .pv-undeclared', { hasText: 'order_number' }).hover();
    await page.getByRole('button', { name: 'Declare order_number' }).click();
    await page.locator('pv-message >> nth=0 >> .pv-declared', { hasText: 'order_number' }).waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('Saved · revision 4').waitFor();
    const names = (await lastSave(page))?.content.variables.map(({ name }) => name);
    assert.ok(names?.includes('order_number'), names?.join());
    assert.match((await lastSave(page))!.content.messages[0]!.content, /\{\{customer_name\}\}$/);
  });

  it('adds and removes labels without a revision, on production too', async () => {
    const page = await openDraft({ version: '2.2' });
    await page.getByRole('button', { name: 'Add a label' }).click();
    await page.getByRole('menuitem', { name: 'Production Candidate' }).click();
    await page.getByRole('button', { name: 'Remove label Production Candidate' }).click();
    await page.getByRole('button', { name: 'Remove label Production Candidate' }).waitFor({ state: 'detached' });
    assert.deepEqual(await callsOf(page, 'label'), [
      { add: 'Production Candidate' },
      { remove: 'Production Candidate' },
    ]);
  });
});
