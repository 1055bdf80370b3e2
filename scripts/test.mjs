import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, build, install, root } from './install.mjs';

const results = join(root, '.vscode-test/results');

/** What `npm test` runs. A check counts as one test; a suite counts its own. */
const suites = {
  types: () => check('tsc', ['-p', '.']),
  lint: () => check('biome', ['check', '--error-on-warnings', '.']),
  unit: () => mocha('unit'),
  engine: () => inLanes('engine'),
  vscode: () => withReport('vscode', 'vscode', (report) => ['node', ['test/support/runVsCodeTests.ts', report]]),
  // A browser and a window start late now and then; what is wrong fails twice.
  e2e: () => mocha('e2e', { more: ['--timeout', '60000', '--retries', '1'] }),
};

/** One after the other, those of a line beside each other: the unit tests leave a core to the windows, which mostly wait. */
const order = [['types', 'lint'], ['unit', 'vscode'], ['engine'], ['e2e']];

async function check(command, args) {
  const { code, output } = await attempt(command, args, { capture: true });
  return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [{ title: command, message: output }] };
}

function mocha(name, { files = [`test/${name}/**/*.test.ts`], report = name, more = [] } = {}) {
  return withReport(name, report, (output) => [
    'mocha',
    [
      ...files,
      '--reporter',
      'test/support/reporter.cjs',
      '--reporter-option',
      `output=${output}`,
      '--forbid-only',
      ...more,
    ],
  ]);
}

/** Two processes beside each other, each with its own half of the files: these tests mostly wait, for disks and other processes. */
async function inLanes(name) {
  const folder = join(root, 'test', name);
  const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts'));
  const sized = files.map((file) => ({ file: `test/${name}/${file}`, size: statSync(join(folder, file)).size }));
  const lanes = [0, 1].map(() => ({ files: [], size: 0 }));
  for (const { file, size } of sized.sort((a, b) => b.size - a.size)) {
    const lane = lanes[0].size <= lanes[1].size ? lanes[0] : lanes[1];
    lane.files.push(file);
    lane.size += size;
  }
  const found = await Promise.all(
    lanes.map(({ files: half }, index) => mocha(name, { files: half, report: `${name}-${index + 1}` })),
  );
  return {
    passed: found.reduce((sum, { passed }) => sum + passed, 0),
    skipped: found.reduce((sum, { skipped = 0 }) => sum + skipped, 0),
    failures: found.flatMap(({ failures }) => failures),
  };
}

/** Runs a suite that writes a report. One that writes none, or fails without naming a test, counts as a failure. */
async function withReport(name, place, command) {
  if (!hasTests(join(root, 'test', name)))
    return { passed: 0, failures: [{ title: name, message: 'has no test files' }] };
  const report = join(results, `${place}.json`);
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
  const { passed, failures, skipped = 0 } = await suites[name]();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const note = skipped ? `, ${skipped} skipped` : '';
  console.log(
    `${failures.length ? '✖' : '✔'} ${name}: ${passed} passed, ${failures.length} failed${note} (${seconds} s)`,
  );
  for (const { title, message } of failures) console.log(`\n  ✖ ${title}\n${message.replaceAll(/^/gm, '      ')}\n`);
  return { passed, failed: failures.length };
}

async function succeeds(step) {
  try {
    await step();
    return true;
  } catch (error) {
    console.error(`✖ ${error.message}`);
    return false;
  }
}

async function main(names) {
  const unknown = names.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0) {
    console.error(`Unknown suite ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}`);
    process.exit(2);
  }
  mkdirSync(results, { recursive: true });
  rmSync(join(root, 'test-results'), { recursive: true, force: true });
  const total = { passed: 0, failed: 0 };
  const add = ({ passed, failed }) => {
    total.passed += passed;
    total.failed += failed;
  };
  // Without the programs nothing can be judged; without the build, types and lint still tell why.
  if (await succeeds(install)) {
    if (!(await succeeds(build))) add({ passed: 0, failed: 1 });
    for (const together of order) {
      const wanted = together.filter((name) => names.length === 0 || names.includes(name));
      for (const counts of await Promise.all(wanted.map(runSuite))) add(counts);
    }
  } else add({ passed: 0, failed: 1 });
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
