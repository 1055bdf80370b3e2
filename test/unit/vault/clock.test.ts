import assert from 'node:assert/strict';
import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { isBackupDue, keptBackups, listBackups, takeBackup } from '../../../src/vault/backup.ts';
import { connect } from '../../../src/vault/database.ts';
import type { VersionInfo } from '../../../src/vault/types.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';
import { runCli } from '../../support/cliProcess.ts';
import { aPrompt, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

const day = 86_400_000;
const jumps = { dayBack: -day, yearAhead: 365 * day, none: 0, aMoment: 5 };
const path = 'support/triage';

/** A vault whose clock the test turns. */
function turnedVault() {
  let time = Date.UTC(2026, 0, 15, 12);
  const made = temporaryVault({ now: () => new Date(time) });
  return {
    ...made,
    turn: (by: number) => {
      time += by;
    },
  };
}

const steps = {
  release(vault: Vault) {
    const { version } = vault.createVersion({ ref: path });
    vault.promote({ ref: `${path}@${version}` });
    vault.promote({ ref: `${path}@${version}` });
  },
  edit(vault: Vault, text: string) {
    const { version } = vault.createVersion({ ref: path });
    vault.edit({ ref: `${path}@${version}`, expectRevision: 1, messages: [userMessage(text)] });
    vault.edit({ ref: `${path}@${version}`, expectRevision: 2, messages: [userMessage(`${text}!`)] });
  },
  rollBack(vault: Vault) {
    const retired = vault.history({ path }).versions.find(({ stage }) => stage === 'RET');
    if (retired) vault.rollback({ path, to: retired.version, reason: 'It was better' });
  },
  promote(vault: Vault) {
    const draft = vault.history({ path }).versions.find(({ stage }) => stage === 'DEV' || stage === 'TST');
    if (draft) vault.promote({ ref: `${path}@${draft.version}` });
  },
};
type Step = keyof typeof steps;

/** Versions that were in production, in the order of the log. */
function shipped(vault: Vault): VersionInfo[] {
  const { versions, events } = vault.history({ path });
  const toPrd = events.filter(
    ({ kind, details }) => kind === 'version.promoted' && (details as { to?: string }).to === 'PRD',
  );
  return toPrd.map(({ version }) => versions.find((one) => one.version === version)!);
}

/** Each period in production ends when the next begins, and not before it began. */
function assertPeriods(vault: Vault): void {
  const all = shipped(vault);
  for (const [index, { deployedAt, retiredAt, createdAt, version, replacedBy, stage }] of all.entries()) {
    assert.ok(deployedAt && deployedAt >= createdAt, `${version} was deployed after it was made`);
    const next = all[index + 1];
    assert.equal(stage, next ? 'RET' : 'PRD');
    if (!next) continue;
    assert.ok(retiredAt && retiredAt >= deployedAt, `${version} was retired after it was deployed`);
    assert.equal(replacedBy, next.version);
    assert.equal(retiredAt, next.deployedAt);
  }
}

function assertOrder(vault: Vault): void {
  const { versions, events } = vault.history({ path });
  const seqs = events.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    seqs.toSorted((a, b) => a - b),
  );
  const minors = versions.map(({ version }) => Number(version.split('.')[1]));
  assert.deepEqual(
    minors,
    minors.toSorted((a, b) => b - a),
  );
  for (const { version, stage } of versions) {
    if (stage !== 'DEV') continue;
    const numbers = vault.revisions({ ref: `${path}@${version}` }).map(({ revision }) => revision);
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => b - a),
    );
  }
  assert.equal(vault.get({ ref: path }).version, shipped(vault).at(-1)?.version);
  assert.deepEqual(vault.verify().problems, []);
}

describe('a clock that goes wrong', () => {
  it('changes neither order nor periods, whichever way it jumps between writes', () => {
    const step = fc.constantFrom(...(Object.keys(steps) as Step[]));
    const jump = fc.constantFrom(...Object.values(jumps));
    fc.assert(
      fc.property(fc.array(fc.tuple(step, jump), { minLength: 5, maxLength: 25 }), (story) => {
        const { vault, turn, remove } = turnedVault();
        try {
          vault.create(aPrompt({ path }));
          steps.release(vault);
          for (const [index, [name, by]] of story.entries()) {
            turn(by);
            steps[name](vault, `text ${index}`);
          }
          assertPeriods(vault);
          assertOrder(vault);
        } finally {
          remove();
        }
      }),
      { numRuns: 10 },
    );
  }).timeout(60_000);

  it('gives times in another order than the log, so that whoever sorts by time is wrong', () => {
    const { vault, turn, remove } = turnedVault();
    vault.create(aPrompt({ path }));
    turn(jumps.yearAhead);
    steps.release(vault);
    turn(-jumps.yearAhead - day);
    steps.release(vault);
    const { events } = vault.history({ path });
    const byTime = events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    assert.notDeepEqual(byTime, events);
    assert.equal(byTime.at(-1)?.version, '1.1', 'by time the version of the wrong year is the last');
    assert.equal(vault.get({ ref: path }).version, '1.2');
    remove();
  });

  it('cannot end a production period before it began, even by hand; without the guards verify names it', () => {
    const { vault, file, turn, remove } = turnedVault();
    vault.create(aPrompt({ path }));
    steps.release(vault);
    turn(day);
    vault.createVersion({ ref: path });
    vault.close();
    const raw = new Sqlite(file);
    // What retiring by the clock alone would write after the clock went a day back.
    const retire = () =>
      raw.exec(`UPDATE versions SET stage = 'RET', replaced_by = '1.2', retired_at = '2026-01-14T00:00:00.000Z'
        WHERE stage = 'PRD'`);
    assert.throws(retire, { code: 'SQLITE_CONSTRAINT_TRIGGER' });
    const rule = raw.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'versions_dates'`).pluck().get() as string;
    raw.exec('DROP TRIGGER versions_dates');
    assert.throws(retire, { code: 'SQLITE_CONSTRAINT_CHECK' });
    raw.pragma('ignore_check_constraints = ON');
    retire();
    raw.exec(rule);
    raw.close();
    const damaged = openVault(file, { actor: 'Ada', mode: 'read' });
    assert.deepEqual(
      damaged.verify().problems.map(({ what, version }) => [what, version]),
      [['dates', '1.1']],
    );
    damaged.close();
    remove();
  });

  it('holds across processes that disagree by a day and a year', async () => {
    const { vault, file, remove } = temporaryVault();
    vault.create(aPrompt({ path }));
    const run = async (shift: number, args: string[]) => {
      const { exit, stderr } = await runCli([...args, '--vault', file], {
        env: { NODE_OPTIONS: `--import=${shiftedClock(shift)}` },
      });
      assert.equal(exit, 0, stderr);
    };
    for (const [index, shift] of [jumps.yearAhead, jumps.dayBack, jumps.none].entries()) {
      const ref = `${path}@1.${index}`;
      await run(shift, ['promote', ref]);
      await run(-shift, ['promote', ref]);
      await run(shift, ['version', ref]);
    }
    await run(jumps.dayBack, ['rollback', path, '--to', '1.1', '--reason', 'It was better']);
    const years = new Set(vault.history({ path }).events.map(({ at }) => at.slice(0, 4)));
    assert.ok(years.size > 1, `the clocks did disagree: ${[...years]}`);
    assertPeriods(vault);
    assertOrder(vault);
    remove();
  }).timeout(60_000);
});

describe('backups of a clock that went wrong', () => {
  const yearAhead = () => new Date(Date.now() + jumps.yearAhead).toISOString().replaceAll(/[:.]/g, '-');
  const { file, remove } = temporaryVault();
  const root = join(dirname(dirname(file)), 'kept');
  after(remove);
  const take = () => takeBackup(file, { root, reason: 'daily', connect }).file;
  /** As if it had been made while the clock was a year ahead. */
  const misdate = (name: string, n: number) => {
    const wrong = join(dirname(name), `${yearAhead()}-${n}_daily.db`);
    renameSync(name, wrong);
    return wrong;
  };

  it('do not stop the daily one for a year, nor push out the ones made after them', () => {
    const wrong = Array.from({ length: keptBackups }, (_, n) => misdate(take(), n));
    const createdAt = new Date(Date.now() - 2 * day).toISOString();
    assert.equal(isBackupDue(root, { file, createdAt, now: new Date() }), true);
    const right = [take(), take(), take()];
    assert.deepEqual(
      listBackups(root, { file })
        .slice(0, 3)
        .map((one) => one.file),
      right.toReversed(),
    );
    assert.equal(wrong.filter((name) => existsSync(name)).length, keptBackups - 3);
    assert.equal(isBackupDue(root, { file, createdAt, now: new Date() }), false);
    const byName = [...wrong, ...right].sort().at(-1) ?? '';
    assert.ok(wrong.includes(byName), 'by its name alone a wrong one is the newest');
  });
});

/** A module that turns the clock of a whole process. */
function shiftedClock(by: number): string {
  const code = `const Real = Date; globalThis.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + ${by}); }
    static now() { return Real.now() + ${by}; } };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
