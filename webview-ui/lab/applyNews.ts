import type { LabNews } from '../../src/engine/panels.ts';
import { type GridModel, setState } from './gridModel.ts';

/** Takes news of a run into the table. Words go to rows whose words are known; others are asked for whole. False when it is about another run. */
export function applyNews(model: GridModel, news: LabNews): boolean {
  if (news.runId !== model.run.id) return false;
  const before = total(model);
  for (const { index, state, text, ...cell } of news.cells) {
    if (model.states[index] === undefined) continue;
    model.waiting.delete(index);
    if (model.texts.has(index)) model.texts.set(index, text);
    model.answers[index] = cell.answer;
    model.latencies[index] = cell.latencyMs;
    model.flags[index] = { cached: cell.cached, checked: cell.checked, mark: cell.mark };
    setState(model, index, state);
    model.touched.add(index % model.rows.length);
  }
  for (const [index, reason] of news.retries) {
    model.waiting.set(index, reason);
    if (model.texts.has(index)) model.texts.set(index, '');
    setState(model, index, 'running');
  }
  for (const [index, text] of news.texts) {
    model.waiting.delete(index);
    // A cell that is called again begins anew.
    const known = model.states[index] === 'running' ? model.texts.get(index) : model.texts.has(index) ? '' : undefined;
    if (known !== undefined) model.texts.set(index, known + text);
    setState(model, index, 'running');
  }
  if (news.run) model.run = news.run;
  else model.run = counted(model, before);
  if (news.finished) model.waiting.clear();
  return true;
}

type Counts = { pass: number; fail: number; error: number };

function total({ tallies }: GridModel): Counts {
  const sum = { pass: 0, fail: 0, error: 0 };
  for (const { pass, fail, error } of tallies) {
    sum.pass += pass;
    sum.fail += fail;
    sum.error += error;
  }
  return sum;
}

function counted(model: GridModel, before: Counts) {
  const after = total(model);
  const { run } = model;
  const gained = (key: keyof Counts) => after[key] - before[key];
  if (!gained('pass') && !gained('fail') && !gained('error')) return run;
  return {
    ...run,
    passed: run.passed + gained('pass'),
    failed: run.failed + gained('fail'),
    errors: run.errors + gained('error'),
  };
}
