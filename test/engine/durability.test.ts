import assert from 'node:assert/strict';
import { createRecorder, type Recorder, type Recording } from '../support/powerCut.ts';
import type { StatesReport } from '../support/powerCutStates.ts';

const bad = ({ corrupt, torn, lost }: StatesReport) => corrupt + torn + lost;

/** `node test/bench/faults.ts` does the same at greater length. */
describe('what was acknowledged, after a power cut', () => {
  let recorder: Recorder;
  let life: Recording | undefined;
  before(function () {
    // The recorder is a library for LD_PRELOAD.
    if (process.platform !== 'linux') this.skip();
    recorder = createRecorder();
  });
  after(() => recorder?.clean());

  async function judge(recording: Recording, count: number): Promise<StatesReport> {
    const report = await recorder.cut(recording, count);
    const { examples, ...figures } = report;
    console.log(`      ${count} power cuts: ${JSON.stringify(figures)}`);
    assert.equal(report.good + bad(report), count);
    return report;
  }

  it('is there in every one of 1,200 states, whole, with or without an interrupted write', async () => {
    life = await recorder.life();
    const report = await judge(life, 1200);
    assert.deepEqual(report.examples, []);
    assert.equal(report.good, 1200);
    assert.ok(report.commits >= 60, `${report.commits} commits`);
    assert.ok(report.rolledBack > 200, `${report.rolledBack} interrupted writes`);
  }).timeout(240_000);

  it('survives a migration in every one of 300 states, with a backup that opens', async () => {
    const report = await judge(await recorder.migration(), 300);
    assert.deepEqual(report.examples, []);
    assert.equal(report.good, 300);
  }).timeout(180_000);

  it('survives a restore in every one of 300 states, and so do the backups', async () => {
    const report = await judge(await recorder.restore(), 300);
    assert.deepEqual(report.examples, []);
    assert.equal(report.good, 300);
  }).timeout(180_000);

  it('survives a second power cut while the first is being undone, in 200 states', async () => {
    life ??= await recorder.life();
    const report = await judge(await recorder.secondCut(life), 200);
    assert.deepEqual(report.examples, []);
    assert.equal(report.good, 200);
    assert.ok(report.rolledBack > 50, `${report.rolledBack} undone`);
  }).timeout(180_000);

  it('is mostly gone or broken when nothing is flushed', async () => {
    const report = await judge(await recorder.life('OFF'), 200);
    assert.ok(bad(report) > 100, `${bad(report)} bad states`);
    assert.ok(report.corrupt > 0 && report.lost > 0);
  }).timeout(180_000);

  it('is lost now and then when the folder is not flushed', async () => {
    const report = await judge(await recorder.life('FULL'), 200);
    assert.ok(report.lost > 0, 'a write was acknowledged and lost');
    assert.equal(report.corrupt + report.torn, 0);
  }).timeout(180_000);
});
