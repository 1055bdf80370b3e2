import assert from 'node:assert/strict';

/** How much the processor worked for it, in ms: what else runs on the machine does not count. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Four times the text may take about four times as long, where sixteen times would be its square. A slow machine takes longer for both. */
export function assertLinear(what: string, size: number, work: (size: number) => void): void {
  if (cpuMs(() => work(size)) < 500) return;
  // Once more, compiled by now.
  const took = cpuMs(() => work(size));
  const quarter = cpuMs(() => work(size / 4));
  assert.ok(took < 9 * quarter, `${what}: ${took} ms, and ${quarter} ms for a quarter of it`);
}
