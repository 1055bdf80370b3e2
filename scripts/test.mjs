import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, build, install, root } from './install.mjs';

const results = join(root, '.vscode-test/results');

/** What `npm test` runs, in this order, three at once. A check counts as one test; a suite counts its own. */
const suites = {
  types: () => check('tsc', ['-p', '.']),
  lint: () => check('biome', ['check', '--error-on-warnings', '.']),
  vscode: () => withReport('vscode', (report) => ['node', ['test/support/runVsCodeTests.ts', report]]),
  unit: () => inParts('unit', 1),
  engine: () => inParts('engine', 2),
  e2e: () => inParts('e2e', 2),
};
// Windows and browsers take their time.
const patience = { e2e: '60000' };

async function check(command, args) {
  const { code, output } = await inTurn(() => attempt(command, args, { capture: true }));
  return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [{ title: command, message: output }] };
}

let free = 3;
const waiting = [];
/** More than a few at once are late for each other. */
async function inTurn(work) {
  if (free === 0) await new Promise((resolve) => waiting.push(resolve));
  else free -= 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}

/** Several processes, each with its share of the files, the largest files first. */
async function inParts(name, count) {
  const folder = join(root, 'test', name);
  const files = readdirSync(folder, { recursive: true })
    .map((file) => join('test', name, String(file)))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => ({ file, size: statSync(join(root, file)).size }))
    .sort((a, b) => b.size - a.size);
  if (files.length === 0) return { passed: 0, failures: [{ title: name, message: 'has no test files' }] };
  const parts = Array.from({ length: count }, () => ({ files: [], size: 0 }));
  for (const { file, size } of files) {
    const least = parts.reduce((least, part) => (part.size < least.size ? part : least));
    least.files.push(file);
    least.size += size;
  }
  return sum(await Promise.all(parts.map((part, index) => mocha(name, part.files, `${name}-${index + 1}`))));
}

function sum(parts) {
  return {
    passed: parts.reduce((total, { passed }) => total + passed, 0),
    skipped: parts.reduce((total, { skipped = 0 }) => total + skipped, 0),
    failures: parts.flatMap(({ failures }) => failures),
    files: Object.assign({}, ...parts.map(({ files }) => files)),
  };
}

function mocha(suite, files, report) {
  const reporter = ['--reporter', 'test/support/reporter.cjs', '--reporter-option'];
  const late = patience[suite] ? ['--timeout', patience[suite]] : [];
  return withReport(report, (output) => [
    'mocha',
    [...files, ...reporter, `output=${output}`, '--forbid-only', ...late],
  ]);
}

/** Runs a program that writes a report. One that writes none, or fails without naming a test, counts as a failure. */
async function withReport(name, command) {
  const report = join(results, `${name}.json`);
  rmSync(report, { force: true });
  const { code, output } = await inTurn(() => attempt(...command(report), { capture: true }));
  if (!existsSync(report)) return { passed: 0, failures: [{ title: `${name} did not finish`, message: output }] };
  const found = JSON.parse(readFileSync(report, 'utf8'));
  if (code !== 0 && found.failures.length === 0) {
    found.failures.push({ title: `${name} ended with ${code}`, message: output });
  }
  return found;
}

/** Runs the files that failed once more, alone: a busy machine is late now and then, what is wrong fails twice. Both are told. */
async function secondTry(name, found) {
  const files = [...new Set(found.failures.map(({ file }) => file))];
  const known = found.files && files.every((file) => found.files[file]);
  if (!known || files.length === 0 || files.length > 4) return found;
  const again = await mocha(name, files, `${name}-again`);
  const others = Object.entries(found.files).filter(([file]) => !files.includes(file));
  const rest = { ...sum(others.map(([, counts]) => ({ ...counts, failures: [] }))), files: Object.fromEntries(others) };
  return { ...sum([rest, again]), again: found.failures };
}

function tell(name, { passed, failures, skipped = 0, again = [] }, seconds) {
  const notes = [skipped && `${skipped} skipped`, again.length && `${again.length} at the second try`].filter(Boolean);
  const counts = [`${passed} passed`, `${failures.length} failed`, ...notes].join(', ');
  console.log(`${failures.length ? '✖' : '✔'} ${name}: ${counts} (after ${seconds.toFixed(0)} s)`);
  const show = ({ title, message }, sign) =>
    console.log(`\n  ${sign} ${title}\n${message.replaceAll(/^/gm, '      ')}\n`);
  for (const failure of again) show(failure, '↻');
  for (const failure of failures) show(failure, '✖');
}

/** `{ passed, failed }` of the suites named, each told as it ends. */
async function runSuites(names) {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const ended = await Promise.all(
    names.map(async (name) => {
      const found = await suites[name]();
      if (found.failures.length === 0) tell(name, found, seconds());
      return { name, found };
    }),
  );
  const total = { passed: 0, failed: 0 };
  for (const { name, found } of ended) {
    const last = await secondTry(name, found);
    if (found.failures.length > 0) tell(name, last, seconds());
    total.passed += last.passed;
    total.failed += last.failures.length;
  }
  return total;
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
  let total = { passed: 0, failed: 1 };
  // Without the programs nothing can be judged; without the build, types and lint still tell why.
  if (await succeeds(install)) {
    const built = await succeeds(build);
    total = await runSuites(Object.keys(suites).filter((name) => names.length === 0 || names.includes(name)));
    if (!built) total.failed += 1;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
