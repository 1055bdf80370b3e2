import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, build, install, root } from './install.mjs';

const results = join(root, '.vscode-test/results');

/** What `npm test` runs, in this order. A check counts as one test; a suite counts its own and is skipped while it has no files. */
const suites = {
  types: () => check('tsc', ['-p', '.']),
  lint: () => check('biome', ['check', '--error-on-warnings', '.']),
  unit: () => mocha('unit'),
  engine: () => mocha('engine'),
  vscode: () => withReport('vscode', (report) => ['node', ['test/support/runVsCodeTests.ts', report]]),
  e2e: () => mocha('e2e', ['--timeout', '60000']),
};

async function check(command, args) {
  const { code, output } = await attempt(command, args, { capture: true });
  return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [{ title: command, message: output }] };
}

function mocha(name, more = []) {
  return withReport(name, (report) => [
    'mocha',
    [
      `test/${name}/**/*.test.ts`,
      '--reporter',
      'test/support/reporter.cjs',
      '--reporter-option',
      `output=${report}`,
      '--forbid-only',
      ...more,
    ],
  ]);
}

/** Runs a suite that writes a report. One that writes none, or fails without naming a test, counts as a failure. */
async function withReport(name, command) {
  if (!hasTests(join(root, 'test', name))) return { passed: 0, failures: [], empty: true };
  const report = join(results, `${name}.json`);
  rmSync(report, { force: true });
  const { code, output } = await attempt(...command(report), { capture: true });
  if (!existsSync(report)) return { passed: 0, failures: [{ title: `${name} did not finish`, message: output }] };
  const found = JSON.parse(readFileSync(report, 'utf8'));
  if (code !== 0 && found.failures.length === 0) {
    found.failures.push({ title: `${name} ended with ${code}`, message: output });
  }
  return { ...found, output };
}

function hasTests(folder) {
  return (
    existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => String(file).endsWith('.test.ts'))
  );
}

async function runSuite(name) {
  const started = Date.now();
  const { passed, failures, skipped = 0, empty = false } = await suites[name]();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const notes = [skipped && `${skipped} skipped`, empty && 'no tests'].filter(Boolean).map((note) => `, ${note}`);
  console.log(
    `${failures.length ? '✖' : '✔'} ${name}: ${passed} passed, ${failures.length} failed${notes.join('')} (${seconds} s)`,
  );
  for (const { title, message } of failures) console.log(`\n  ✖ ${title}\n${message.replaceAll(/^/gm, '      ')}\n`);
  return { passed, failed: failures.length };
}

async function main(names) {
  const unknown = names.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0) {
    console.error(`Unknown suite ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}`);
    process.exit(2);
  }
  await install();
  mkdirSync(results, { recursive: true });
  rmSync(join(root, 'test-results'), { recursive: true, force: true });
  const total = { passed: 0, failed: 0 };
  const add = ({ passed, failed }) => {
    total.passed += passed;
    total.failed += failed;
  };
  const built = await build().then(
    () => true,
    (error) => {
      console.error(`✖ ${error.message}`);
      return false;
    },
  );
  // Without the build most suites would only repeat what it said, but types and lint tell why.
  if (!built) add({ passed: 0, failed: 1 });
  for (const name of Object.keys(suites)) {
    const wanted = names.length === 0 || names.includes(name);
    if (wanted) add(await runSuite(name));
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
