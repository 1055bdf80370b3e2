import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { accessProblems } from '../../support/access.ts';
import { themeNames } from '../../support/panelHarness/themes.ts';
import { callsOf, usePanels, waitForCalls } from '../../support/panelHarness/usePanels.ts';

describe('The lab panel in a browser', function () {
  this.timeout(60_000);
  const panels = usePanels();

  const openDone = async (query: Record<string, string> = {}) => {
    const page = await panels.open('lab', { state: 'done', ...query });
    await page.getByRole('grid').waitFor();
    return page;
  };
  const current = (page: Page) => page.locator('.cell.current').getAttribute('id');

  for (const theme of themeNames) {
    it(`has no serious access problem and breaks no content policy in the ${theme} theme`, async () => {
      const page = await openDone({ theme });
      await page.getByRole('grid').focus();
      await page.keyboard.press('Enter');
      await page.locator('pv-cell-detail').getByText('Attempts').waitFor();
      assert.deepEqual(panels.problems, []);
      assert.deepEqual(await accessProblems(page), []);
    });
  }

  it('says the next step when nothing is set up', async () => {
    const page = await panels.open('lab', { state: 'empty' });
    await page.getByText('Add a version above, then a model.').waitFor();
    const run = page.getByRole('button', { name: 'Run', exact: true });
    assert.equal(await run.getAttribute('title'), 'Add a version to test');
    assert.deepEqual(await accessProblems(page), []);
  });

  it('runs, fills the grid as cells come, and says once how it ended', async () => {
    const page = await panels.open('lab');
    await page.getByText('· ≈ $0.090').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    await page
      .getByText(/retry|attempt 2/)
      .first()
      .waitFor();
    await page.getByText('106/120 passed').first().waitFor();
    const said = await page.locator('[aria-live=polite]').textContent();
    assert.match(said ?? '', /^Run finished: 106\/120 passed/);
    await page.getByText('85 % ±9').first().waitFor();
  });

  it('cancels a run and shows what never ran', async () => {
    const page = await panels.open('lab');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page
      .getByText(/cancelled after \d+/)
      .first()
      .waitFor();
    assert.ok((await page.locator('.cell.cancelled').count()) > 0);
  });

  it('moves by keyboard, opens a cell, follows the cursor and comes back on Escape', async () => {
    const page = await openDone();
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.equal(await current(page), 'c1-1');
    await page.keyboard.press('f');
    assert.equal(await current(page), 'c1-5');
    await page.keyboard.press('Enter');
    const detail = page.locator('pv-cell-detail');
    await detail.getByText('got "lost_or_stolen_card"').waitFor();
    await page.keyboard.press('ArrowUp');
    await detail.getByText('is "verify_my_identity"').waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    assert.equal(await current(page), 'c1-5');
  });

  it('shows the failed rows only when asked', async () => {
    const page = await openDone();
    await page.getByRole('button', { name: /^Failed/ }).click();
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '11');
    await page.getByRole('button', { name: /^Errors/ }).click();
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '5');
  });

  it('draws only the rows on the screen of 3,000 cells and reaches the last by key', async () => {
    const page = await openDone({ rows: '500' });
    assert.ok((await page.getByRole('gridcell').count()) < 250);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+End');
    await page.locator('#c499-5').waitFor();
    assert.equal(await current(page), 'c499-5');
  });

  it('keeps the frames coming while 3,000 cells stream', async () => {
    const page = await panels.open('lab', { rows: '500' });
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    const frames = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          let count = 0;
          const end = performance.now() + 2000;
          const tick = () => {
            count += 1;
            if (performance.now() < end) requestAnimationFrame(tick);
            else done(count / 2);
          };
          requestAnimationFrame(tick);
        }),
    );
    assert.ok(frames > 20, `${frames} frames per second`);
  });

  it('asks for a key where a model has none, and offers the others', async () => {
    const page = await panels.open('lab', { state: 'empty' });
    await page.getByRole('button', { name: 'Choose models' }).click();
    await page.getByRole('menuitemcheckbox', { name: /echo:echo/ }).press('Enter');
    await page.getByRole('menuitem', { name: /gemini/ }).click();
    assert.deepEqual(await waitForCalls(page, 'addKey'), [{ vendor: 'google' }]);
    await page.getByRole('button', { name: 'Remove echo:echo' }).waitFor();
  });

  it('greys Run with the reason when something stands in the way', async () => {
    const page = await panels.open('lab', { state: 'problem' });
    await page.getByText('google:gemini-2.5-flash has no key: set it first').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).press('Enter');
    assert.deepEqual(await callsOf(page, 'start'), []);
  });
});

describe('The lab panel at 480 pixels', function () {
  this.timeout(60_000);
  const panels = usePanels({ width: 480, height: 800 });

  it('gives the place of the grid to an opened cell, and the keyboard with it', async () => {
    const page = await panels.open('lab', { state: 'done' });
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.locator('pv-cell-detail button:focus').waitFor();
    assert.equal(await page.getByRole('grid').isVisible(), false);
    await page.keyboard.press('Escape');
    await page.locator('#grid:focus').waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(wide, 480);
    assert.deepEqual(await accessProblems(page), []);
  });
});
