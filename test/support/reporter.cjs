'use strict';
const { writeFileSync } = require('node:fs');

/** Writes what a suite found as JSON to the file named by the option `output`: `{ passed, skipped, failures: [{ title, message }] }`. */
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
  runner.once('end', () => writeFileSync(output, JSON.stringify(found)));
};

function describe(error) {
  const text = String(error?.stack || error?.message || error);
  const cause = error?.cause ? `\nCause: ${error.cause.stack || error.cause}` : '';
  return text + cause;
}
