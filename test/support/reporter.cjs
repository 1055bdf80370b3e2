'use strict';
const { writeFileSync } = require('node:fs');

const { relative } = require('node:path');

/**
 * Writes what a suite found as JSON to the file named by the option `output`: `{ passed, skipped, failures: [{ title, message }],
 * seconds: { file: s } }`, the slowest file first, hooks counted.
 */
module.exports = function reporter(runner, options) {
  const found = { passed: 0, skipped: 0, failures: [] };
  const output = options.reporterOptions?.output ?? options.reporterOption?.output;
  runner.on('pass', () => {
    found.passed += 1;
  });
  runner.on('pending', () => {
    found.skipped += 1;
  });
  runner.on('fail', (test, error) => {
    found.failures.push({ title: test.fullTitle(), message: describe(error) });
  });
  const times = new Map();
  let begun = 0;
  const begin = () => {
    begun = performance.now();
  };
  const add = ({ file }) => {
    const name = file ? relative(process.cwd(), file) : '';
    times.set(name, (times.get(name) ?? 0) + performance.now() - begun);
  };
  for (const event of ['hook', 'test']) runner.on(event, begin).on(`${event} end`, add);
  runner.once('end', () => {
    const slowest = [...times].sort(([, a], [, b]) => b - a).map(([file, ms]) => [file, Math.round(ms / 100) / 10]);
    writeFileSync(output, JSON.stringify({ ...found, seconds: Object.fromEntries(slowest) }));
  });
};

function describe(error) {
  const text = String(error?.stack || error?.message || error);
  const cause = error?.cause ? `\nCause: ${error.cause.stack || error.cause}` : '';
  return text + cause;
}
