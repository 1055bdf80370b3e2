import assert from 'node:assert/strict';
import { type KillReport, killRounds } from '../support/killRounds.ts';

// Little memory for pages: they go into the file long before the commit, so that it takes a journal to undo them.
const spill = 'cache_size = 4';

function tell(what: string, { bad, ...figures }: KillReport): void {
  console.log(`      ${what}: ${JSON.stringify({ ...figures, bad: bad.length })}`);
}

/** `node test/bench/faults.ts` does the same at greater length. */
describe('writers killed at random moments', () => {
  it('leave promotions and rollbacks whole, and all that they were told is done, in 80 kills', async () => {
    const report = await killRounds({ task: 'life', count: 80 });
    tell('promote and rollback', report);
    assert.deepEqual(report.bad, []);
    assert.equal(report.kills, 80);
    assert.ok(report.midWrite > 20 && report.acknowledged > 20);
  }).timeout(180_000);

  it('leave them whole when half of a write was in the file already, in 70 kills', async () => {
    const report = await killRounds({ task: 'life', count: 70, pragmas: [spill] });
    tell('promote and rollback, early pages', report);
    assert.deepEqual(report.bad, []);
    assert.ok(report.journals > 5, `${report.journals} writes were undone`);
  }).timeout(180_000);

  it('leave every batch of an import wholly there or not at all, in 75 kills', async () => {
    const report = await killRounds({ task: 'import', count: 75, pragmas: [spill] });
    tell('import', report);
    assert.deepEqual(report.bad, []);
    assert.ok(report.journals > 10 && report.acknowledged > 5);
  }).timeout(180_000);

  it('leave a vault of the old schema or of the new one, in 75 kills', async () => {
    const report = await killRounds({ task: 'migration', count: 75 });
    tell('migration', report);
    assert.deepEqual(report.bad, []);
    assert.ok(report.midWrite > 20 && report.acknowledged > 5);
  }).timeout(180_000);

  it('break vaults when there is no journal', async () => {
    const pragmas = [spill, 'journal_mode = MEMORY'];
    const report = await killRounds({ task: 'import', count: 16, pragmas });
    tell('without a journal', report);
    assert.ok(report.bad.length > 3, `${report.bad.length} of 16 broken`);
  }).timeout(180_000);
});
