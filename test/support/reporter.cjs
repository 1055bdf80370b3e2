'use strict';
const { writeFileSync } = require('node:fs');

const { relative } = require('node:path');

/**
 * Writes what a suite found as JSON to the file named by the option `output`: `{ passed, skipped, failures: [{ title, message,
 * file }], files: { file: { passed, skipped, seconds } } }`, the slowest file first, hooks counted.
 */
module.exports = function reporter(runner, options) {
  const failures = [];
  const files = new Map();
  const output = options.reporterOptions?.output ?? options.reporterOption?.output;
  const nameOf = ({ file }) => (file ? relative(process.cwd(), file) : undefined);
  const countsOf = (test) => {
    const name = nameOf(test) ?? '';
    if (!files.has(name)) files.set(name, { passed: 0, skipped: 0, seconds: 0 });
    return files.get(name);
  };
  runner.on('pass', (test) => {
    countsOf(test).passed += 1;
  });
  runner.on('pending', (test) => {
    countsOf(test).skipped += 1;
  });
  runner.on('fail', (test, error) => {
    failures.push({ title: test.fullTitle(), message: describe(error), file: nameOf(test) });
  });
  let begun = 0;
  const begin = () => {
    begun = performance.now();
  };
  const add = (test) => {
    countsOf(test).seconds += (performance.now() - begun) / 1000;
  };
  for (const event of ['hook', 'test']) runner.on(event, begin).on(`${event} end`, add);
  runner.once('end', () => {
    const slowest = [...files].sort(([, a], [, b]) => b.seconds - a.seconds);
    for (const [, counts] of slowest) counts.seconds = Math.round(counts.seconds * 10) / 10;
    const total = (key) => slowest.reduce((sum, [, counts]) => sum + counts[key], 0);
    const found = { passed: total('passed'), skipped: total('skipped'), failures, files: Object.fromEntries(slowest) };
    writeFileSync(output, JSON.stringify(found));
  });
};

function describe(error) {
  const text = String(error?.stack || error?.message || error);
  const cause = error?.cause ? `\nCause: ${error.cause.stack || error.cause}` : '';
  const whole = text + cause;
  return whole.length > 4000 ? `${whole.slice(0, 3000)} … ${whole.slice(-1000)}` : whole;
}
