import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { EditorSave } from '../../../src/engine/panels.ts';
import { accessProblems } from '../../support/access.ts';
import { themeNames } from '../../support/panelHarness/themes.ts';
import { callsOf, usePanels, waitForCalls } from '../../support/panelHarness/usePanels.ts';

const firstMessage = 'pv-message >> nth=0 >> .cm-content';

describe('The editor panel in a browser', function () {
  this.timeout(60_000);
  const panels = usePanels();

  const lastSave = async (page: Page) => (await callsOf(page, 'save')).at(-1) as EditorSave | undefined;
  const openDraft = async (query: Record<string, string> = {}) => {
    const page = await panels.open('editor', query);
    await page.locator(firstMessage).waitFor();
    return page;
  };
  const type = async (page: Page, text: string) => {
    await page.locator(firstMessage).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(text);
  };

  for (const theme of themeNames) {
    it(`has no serious access problem and breaks no content policy in the ${theme} theme`, async () => {
      const page = await openDraft({ theme });
      await page.locator('pv-preview pre').first().waitFor();
      assert.deepEqual(panels.problems, []);
      assert.deepEqual(await accessProblems(page), []);
    });
  }

  it('tells the host that something was typed, saves it on Ctrl+S and is clean again', async () => {
    const page = await openDraft();
    await type(page, ' Be brief.');
    await page.getByText('Unsaved changes').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('Saved · revision 4').waitFor();
    const save = await lastSave(page);
    assert.equal(save?.expectRevision, 3);
    assert.ok(save?.content.messages[0]?.content.endsWith(' Be brief.'));
    assert.deepEqual(await callsOf(page, 'setDirty'), [{ dirty: true }, { dirty: false }]);
  });

  it('declares a new placeholder with the save, as the vault does', async () => {
    const page = await openDraft();
    await type(page, ' {{channel}}');
    await page.keyboard.press('Control+s');
    await page.locator('pv-variables').getByText('channel', { exact: true }).waitFor();
    await page.getByText('Saved · revision 4').waitFor();
    const undeclared = page.locator('pv-message >> nth=0 >> .pv-undeclared');
    assert.deepEqual(await undeclared.allTextContents(), ['{{order_number}}']);
  });

  it('says who saved meanwhile and overwrites only when told to', async () => {
    const page = await openDraft({ state: 'conflict' });
    await type(page, '!');
    await page.keyboard.press('Control+s');
    await page.getByText('saved revision 4 while you were editing').waitFor();
    assert.equal(await page.getByText('Unsaved changes').count(), 1);
    await page.getByRole('button', { name: 'Overwrite' }).click();
    await page.getByText('Saved · revision 5').waitFor();
    const save = await lastSave(page);
    assert.equal(save?.expectRevision, 4);
    assert.ok(save?.content.messages[0]?.content.endsWith('!'));
  });

  it('takes over what is stored when told to reload, and tells the host to forget the draft first', async () => {
    const page = await openDraft({ state: 'conflict' });
    await type(page, '!');
    await page.keyboard.press('Control+s');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByText('Saved · revision 4').waitFor();
    assert.doesNotMatch((await page.locator(firstMessage).textContent()) ?? '', /!$/);
    const order = await page.evaluate(() => window.harness.calls.map(({ method }) => method));
    assert.ok(order.lastIndexOf('setDirty') < order.lastIndexOf('load'));
  });

  it('gives back text of a panel that closed unsaved, with the conflict it is in by now', async () => {
    const page = await openDraft({ state: 'unsaved' });
    await page.getByText('not saved is back').waitFor();
    assert.equal(await page.locator(firstMessage).textContent(), 'Typed before');
    await page.getByText('saved revision 3 while you were editing').waitFor();
    assert.deepEqual(await waitForCalls(page, 'setDirty'), [{ dirty: true }]);
  });

  it('shows what somebody else stored when nothing is typed, and keeps the draft when something is', async () => {
    const page = await openDraft();
    const foreign = (revision: number) =>
      page.evaluate(async (at) => {
        const { stored } = window as unknown as { stored(): { version: object } };
        const state = stored();
        const version = {
          ...state.version,
          revision: at,
          hash: `sha256:other${at}`,
          messages: [{ role: 'user', content: `Text ${at}` }],
        };
        window.harness.send('changed', { ...state, version });
      }, revision);
    await foreign(7);
    await page.getByText('Updated to revision 7').waitFor();
    assert.equal(await page.locator(firstMessage).textContent(), 'Text 7');
    await type(page, ' mine');
    await foreign(8);
    await page.getByText('saved revision 8 while you were editing').waitFor();
    assert.equal(await page.locator(firstMessage).textContent(), 'Text 7 mine');
  });

  it('moves messages by keyboard and takes it back', async () => {
    const page = await openDraft();
    const roles = () =>
      page.locator('pv-message select').evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
    assert.deepEqual(await roles(), ['system', 'user']);
    await page.locator(firstMessage).click();
    await page.keyboard.press('Alt+Shift+PageDown');
    assert.deepEqual(await roles(), ['user', 'system']);
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.deepEqual(await roles(), ['system', 'user']);
    assert.equal(await page.getByText('Saved · revision 3').count(), 1);
  });

  it('brings a removed message back with its text on Ctrl+Z outside of texts', async () => {
    const page = await openDraft();
    await page.getByRole('button', { name: 'Remove message 2' }).click();
    assert.equal(await page.locator('pv-message').count(), 1);
    await page.keyboard.press('Control+z');
    assert.equal(await page.locator('pv-message >> nth=1 >> .cm-content').textContent(), '{{message}}');
  });

  it('leaves Ctrl+Z inside a message to the message', async () => {
    const page = await openDraft();
    const before = await page.locator(firstMessage).textContent();
    await type(page, 'xyz');
    await page.keyboard.press('Control+z');
    assert.equal(await page.locator(firstMessage).textContent(), before);
    await page.getByText('Saved · revision 3').waitFor();
  });

  it('tells at once what is typed when somebody leaves it or presses a key that may close it', async () => {
    const page = await openDraft();
    await page.locator(firstMessage).click();
    for (const leaving of ['blur', 'keydown']) {
      // In one go in the page, so that typing has not rested yet.
      const told = await page.evaluate(async (kind) => {
        document.execCommand('insertText', false, ` before ${kind}`);
        await new Promise((resolve) => setTimeout(resolve));
        if (kind === 'blur') window.dispatchEvent(new FocusEvent('blur'));
        else document.dispatchEvent(new KeyboardEvent('keydown', { key: 'w', ctrlKey: true }));
        await new Promise((resolve) => setTimeout(resolve));
        return window.harness.calls.filter(({ method }) => method === 'keepUnsaved');
      }, leaving);
      assert.match(JSON.stringify(told), new RegExp(`before ${leaving}`));
    }
  });

  it('offers the declared variables after two braces', async () => {
    const page = await openDraft();
    await type(page, ' {{pro');
    await page.locator('.cm-tooltip-autocomplete').waitFor();
    // A list that has only just opened takes no keys yet, so that nobody accepts by accident.
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    assert.match((await page.locator(firstMessage).textContent()) ?? '', /\{\{product\}\}$/);
  });

  it('keeps a sample value typed before the remembered ones came', async () => {
    const page = await openDraft({ state: 'slowValues' });
    const field = page.getByLabel('Value of product in Sample 1');
    await field.fill('Typed at once');
    await page.locator('pv-preview').getByText('My new card has not arrived yet.').waitFor();
    assert.equal(await field.inputValue(), 'Typed at once');
  });

  it('names each missing value and still shows the rest of the preview', async () => {
    const page = await openDraft({ state: 'empty' });
    await page.getByText('Needs a value or a default.').first().waitFor();
    assert.equal(await page.getByText('Needs a value or a default.').count(), 2);
    await page.locator('pv-preview pre', { hasText: 'agent for {{product}}. Answer in a friendly' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Try It' }).getAttribute('aria-disabled'), 'true');
  });

  it('says beside the preview which value is missing, and leads to it', async () => {
    const page = await openDraft({ state: 'empty' });
    await page.getByRole('button', { name: 'Give product and 1 more a value' }).click();
    await page.keyboard.type('Acme');
    assert.equal(await page.getByLabel('Value of product in Sample 1').inputValue(), 'Acme');
    await page.getByRole('button', { name: /^Give \w+ a value$/ }).click();
    await page.keyboard.type('Where is it?');
    await page.getByRole('button', { name: /^Give/ }).waitFor({ state: 'detached' });
  });

  it('lets whoever made an empty prompt write on at once, and has nothing to try before', async () => {
    const page = await panels.open('editor', { version: '2.4', state: 'blank' });
    await page.getByText('Nothing to show yet').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Try It' }).getAttribute('aria-disabled'), 'true');
    await page.keyboard.type('Be brief.');
    await page.locator('pv-preview pre', { hasText: 'Be brief.' }).waitFor();
  });

  it('streams a try, says what it took, and forgets nothing on cancel', async () => {
    const page = await openDraft();
    await page.getByRole('button', { name: 'Try It' }).click();
    await page.getByText('214 in, 96 out').waitFor();
    assert.match(
      (await page.getByLabel('Answer of the model').textContent()) ?? '',
      /^You are a support agent for Acme/,
    );
    const endless = await openDraft({ state: 'endlessTry' });
    await endless.getByRole('button', { name: 'Try It' }).click();
    await endless.getByRole('button', { name: 'Cancel' }).click();
    await endless.getByText('Cancelled.').waitFor();
  });

  it('refuses settings it cannot read and saves nothing of them', async () => {
    const page = await openDraft();
    await page.getByLabel('Temperature').last().fill('warm');
    await page.getByText('A number from 0 to 2').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByText('A setting cannot be read').waitFor();
    assert.deepEqual(await callsOf(page, 'save'), []);
  });

  it('opens a production version read-only with the reason, and what is possible instead', async () => {
    const page = await openDraft({ version: '2.2' });
    await page.getByText(/In production since .* \(3 days\)\. Cannot edit production versions/).waitFor();
    const edit = page.getByRole('button', { name: 'Edit', exact: true });
    assert.equal(await edit.getAttribute('aria-disabled'), 'true');
    assert.equal(await edit.getAttribute('title'), 'Cannot edit production versions');
    assert.equal(await page.getByRole('button', { name: /Promote/ }).count(), 0);
    await page.locator(firstMessage).click();
    await page.keyboard.type('x');
    assert.doesNotMatch((await page.locator(firstMessage).textContent()) ?? '', /^x|x$/);
    await page.getByRole('button', { name: 'Create New Version' }).last().click();
    assert.deepEqual(await waitForCalls(page, 'run'), [{ action: 'createVersion' }]);
  });

  it('saves what is typed before the version is tested', async () => {
    const page = await openDraft();
    await type(page, '?');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('Saved · revision 4').waitFor();
    await waitForCalls(page, 'run');
    const order = await page.evaluate(() =>
      window.harness.calls.map(({ method }) => method).filter((one) => one === 'save' || one === 'run'),
    );
    assert.deepEqual(order, ['save', 'run']);
  });

  it('says what went wrong when it cannot load, and tries again', async () => {
    const page = await panels.open('editor', { state: 'broken' });
    await page.getByText('Another program holds the vault').waitFor();
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('Another program holds the vault').waitFor();
    assert.equal((await callsOf(page, 'load')).length, 2);
  });
});
