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

  it('says by itself what is better than the baseline, beside each column and above the grid', async () => {
    const page = await openDone();
    assert.deepEqual(await waitForCalls(page, 'compareBaseline'), [{ runId: 'run-1', columns: [0, 1, 2] }]);
    const told = page.getByLabel('Against the baseline');
    await told.getByText('v2.3 against v2.2: No difference shown').first().waitFor();
    const heads = await page.locator('.head [role=columnheader] .standing').allTextContents();
    assert.deepEqual(heads, ['Undecided', 'Undecided', 'Undecided', 'baseline', 'baseline', 'baseline']);
    // Columns that a person compares take its place.
    await page.locator('pv-run-bar select').first().selectOption('0');
    await told.waitFor({ state: 'detached' });
  });

  it('says it of a baseline that is only stored too, with what has no result, and offers it to compare with', async () => {
    const page = await openDone({ state: 'stored' });
    const told = page.getByLabel('Against the baseline');
    await told.getByText('v2.3 against v2.2 (stored): No difference shown').first().waitFor();
    await told.getByText('3 cases have no stored result of the baseline').first().waitFor();
    await page.getByLabel('Compare').selectOption({ label: 'baseline v2.2 (stored)' });
    await page.locator('pv-run-bar select').nth(1).selectOption({ label: 'v2.3 anthropic:claude-sonnet-4-5' });
    const [, , asked] = await waitForCalls(page, 'compareBaseline', 3);
    assert.deepEqual(asked, { runId: 'run-1', columns: [1] });
    await page.locator('.verdict').getByText('3 left out, 3 of them without a stored result').waitFor();
    // What is only stored is no column of the grid.
    assert.equal(await page.getByRole('columnheader').count(), 4);
    await page.getByLabel('Compare').selectOption({ label: 'v2.3 openai:gpt-5-mini' });
    assert.deepEqual(await waitForCalls(page, 'compare'), [{ runId: 'run-1', a: 0, b: 1 }]);
    await page.getByLabel('Compare').selectOption('-1');
    await told.waitFor();
  });

  it('tells a goal of a metric that no check gave as not met', async () => {
    const page = await openDone({ state: 'stored' });
    const goals = page.getByRole('group', { name: 'Thresholds' });
    await goals.getByText(/accuracy 0\.8966 ≥ 0\.8/).waitFor();
    const tone = goals.locator('.threshold', { hasText: 'tone: no check gave it ≥ 0.7' });
    await tone.getByRole('img', { name: 'not met' }).waitFor();
  });

  it('asks a run for a score of each metric that its checks, sets and cases name', async () => {
    const page = await panels.open('lab');
    const goals = page.getByRole('group', { name: 'Goals' });
    await goals.getByText('Nothing for the run as a whole').click();
    await goals.getByLabel('Mean score of accuracy at least, from 0 to 1').fill('0.9');
    await page.keyboard.press('Tab');
    await goals.getByText('accuracy ≥ 0.9').first().waitFor();
    assert.equal(await goals.getByText('no check gives it').count(), 0);
    await page.locator('pv-checks summary').click();
    const set = page.locator('pv-checks').getByRole('checkbox', { name: 'polite' });
    await set.click();
    await goals.getByLabel('Mean score of tone at least, from 0 to 1').fill('0.7');
    await page.keyboard.press('Tab');
    await goals.getByText('accuracy ≥ 0.9 · tone ≥ 0.7', { exact: true }).waitFor();
    // The set that gave it goes, the goal stays until somebody takes it back.
    await set.click();
    await goals.getByText('no check gives it').waitFor();
    assert.deepEqual(await accessProblems(page), []);
    await goals.getByLabel('Mean score of accuracy at least, from 0 to 1').fill('');
    await page.keyboard.press('Tab');
    await goals.getByText('tone ≥ 0.7', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const [setup] = (await waitForCalls(page, 'start')) as { thresholds: unknown }[];
    assert.deepEqual(setup?.thresholds, { metrics: { tone: 0.7 } });
  });

  it('asks a run for a pass rate, a score, a latency and a cost', async () => {
    const page = await panels.open('lab');
    const goals = page.getByRole('group', { name: 'Goals' });
    await goals.getByText('Nothing for the run as a whole').click();
    for (const [label, text] of [
      ['Share that must pass, in percent', '92.5'],
      ['Mean score at least, from 0 to 1', '0.8'],
      ['Latency of 95 percent of the answers at most, in milliseconds', '2500'],
      ['Cost of the whole run at most, in US dollars', '$0.5'],
    ] as const) {
      await goals.getByLabel(label).fill(text);
      await page.keyboard.press('Tab');
    }
    await goals.getByText('pass rate ≥ 92.5 % · score ≥ 0.8 · p95 ≤ 2.5 s · cost ≤ $0.50').waitFor();
    await goals.getByLabel('Mean score at least, from 0 to 1').fill('');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const [setup] = (await waitForCalls(page, 'start')) as { thresholds: unknown }[];
    assert.deepEqual(setup?.thresholds, { passRate: 0.925, latencyP95Ms: 2500, costUsd: 0.5 });
    // Two fields may change before anything is drawn.
    await goals.locator('vscode-textfield').evaluateAll((fields) => {
      for (const [at, value] of ['50', '0.5', '', ''].entries())
        Object.assign(fields[at]!, { value }).dispatchEvent(new Event('change'));
    });
    await goals.getByText('pass rate ≥ 50 % · score ≥ 0.5', { exact: true }).waitFor();
  });

  it('keeps the run, its buttons and its title on one line each where the panel is 1,000 px wide', async () => {
    const page = await openDone();
    const tops = async (names: string[]) =>
      Promise.all(
        names.map(async (name) => {
          const { y, height } = (await page.getByRole('button', { name, exact: true }).boundingBox())!;
          return Math.round(y + height / 2);
        }),
      );
    const [again, past, exporting] = await tops(['Run Again', 'Past Runs', 'Export']);
    assert.deepEqual([past, exporting], [again, again]);
    const [run] = await tops(['Run']);
    const { y, height } = (await page.locator('label.field', { hasText: 'Repeats' }).boundingBox())!;
    assert.ok(Math.abs(y + height / 2 - run!) < 6, `${y} ${run}`);
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
