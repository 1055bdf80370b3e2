import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { reportAs } from '../../../src/lab/reports.ts';
import type { RunResult } from '../../../src/lab/types.ts';
import { casesOf, type LabTest, models, startLabTest } from './labTest.ts';

const outputs = [
  '=HYPERLINK("http://evil","x")',
  '<script>alert(1)</script> & \u0000\ud800 "q"',
  'a,b\r\n"c"',
  '@x',
  'fine',
  '',
];

describe('reports of a run', () => {
  let test: LabTest;
  let result: RunResult;
  before(async () => {
    test = await startLabTest({
      reply: ({ prompt }) => outputs[Number(prompt)] ?? '',
      fault: ({ prompt }) => (prompt === '5' ? { kind: 'status', status: 400, message: 'no <b>' } : undefined),
    });
    const ref = test.prompt('a/b', '{{q}}');
    const cases = casesOf(
      'q',
      outputs.map((_, index) => String(index)),
    ).map((one) => ({
      ...one,
      name: `=case <${one.id}>`,
    }));
    const { id } = await test.lab.startRun({
      refs: [ref],
      models: [models.openai],
      cases,
      checks: [{ type: 'contains', value: 'script', not: true }],
      baseline: ref,
    });
    result = await test.lab.waitForRun({ runId: id });
  });
  after(() => test.end());

  it('as JSON lose nothing', async () => {
    assert.deepEqual(JSON.parse(await test.lab.exportRun({ runId: result.run.id, format: 'json' })), result);
  });

  it('as CSV read back whole, and nothing in them begins like a formula', () => {
    const rows = parse(reportAs('csv', result), { columns: true, record_delimiter: '\r\n' }) as Record<
      string,
      string
    >[];
    assert.equal(rows.length, outputs.length);
    assert.deepEqual(
      rows.map(({ output }) => output!.replace(/^'/, '')),
      result.cells.map(({ output }) => output),
    );
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['pass', 'fail', 'pass', 'pass', 'pass', 'error'],
    );
    for (const value of rows.flatMap((row) => Object.values(row))) assert.doesNotMatch(value, /^[=+\-@\t\r]/);
    assert.equal(rows[5]!.costUsd, '');
    assert.equal(rows[5]!.errorCode, 'PROVIDER');
  });

  it('as JUnit XML are well formed and count as the run does', () => {
    const xml = reportAs('junit', result);
    const tags = wellFormedTags(xml);
    const count = (name: string) => tags.filter((tag) => tag === name).length;
    assert.deepEqual([count('testsuite'), count('testcase'), count('failure'), count('error')], [1, 6, 1, 1]);
    assert.match(xml, /<testsuites [^>]*tests="6" failures="1" errors="1"/);
    assert.match(xml, /<failure message="not-contains: Output contains [^>]* type="check">/);
  });

  it('tell goals and metrics wherever they tell results, and count a goal that was missed', () => {
    const metrics = { 'a<b>': 0.5, __proto: 1 };
    const [column] = result.summary;
    const [first, ...others] = result.cells;
    const told = {
      ...result,
      run: {
        ...result.run,
        thresholds: [
          { name: 'passRate' as const, wanted: 0.5, got: 0.8, pass: true },
          { name: 'metric' as const, metric: 'a<b>', wanted: 0.9, got: 0.5, pass: false },
          { name: 'metric' as const, metric: '=none', wanted: 0.9, got: null, pass: false },
        ],
      },
      summary: [{ ...column!, metrics }],
      cells: [{ ...first!, metrics }, ...others],
    };
    const xml = reportAs('junit', told);
    const tags = wellFormedTags(xml);
    const count = (name: string) => tags.filter((tag) => tag === name).length;
    assert.deepEqual([count('testsuite'), count('testcase'), count('failure')], [2, 9, 3]);
    assert.match(xml, /<testsuites [^>]*tests="9" failures="3" errors="1"/);
    assert.match(
      xml,
      /name="metric =none"[^>]*><failure message="=none: no check gave it, ≥ 0\.9 wanted" type="threshold">/,
    );
    const html = reportAs('html', told);
    assert.match(
      html,
      /<th>a&lt;b&gt;<\/th><td class="number">0\.5<\/td><td class="number">≥ 0\.9<\/td><td class="fail">not met/,
    );
    assert.match(
      html,
      /<th>Pass rate<\/th><td class="number">80 %<\/td><td class="number">≥ 50 %<\/td><td class="pass">met/,
    );
    assert.match(html, /<td class="number">0\.50<\/td>/);
    const markdown = reportAs('markdown', told);
    assert.match(markdown, /\*\*Not reached:\*\* a\\<b\\> 0\.5, ≥ 0\.9 wanted; =none: no check gave it, ≥ 0\.9 wanted/);
    const [row, other] = parse(reportAs('csv', told), { columns: true }) as Record<string, string>[];
    assert.deepEqual([row!['metric:a<b>'], row!['metric:__proto'], other!['metric:a<b>']], ['0.5', '1', '']);
  });

  it('as HTML draw each column, and tell what people marked and what judges cost', () => {
    const [first, ...others] = result.cells;
    const mark = { mark: 'fail' as const, note: 'Too <curt>', actor: 'Priya', at: '2026-03-01T10:00:00.000Z' };
    const marked = { ...first!, status: 'fail' as const, judged: 'pass' as const, mark, judgeUsd: 0.25 };
    const html = reportAs('html', { ...result, run: { ...result.run, judgeUsd: 0.25 }, cells: [marked, ...others] });
    const drawings = html.match(/<svg.*?<\/svg>/gs) ?? [];
    assert.deepEqual(
      drawings.map((drawing) => drawing.match(/aria-label="([^".]*)/)?.[1]),
      ['Pass rate with its 95 % interval', 'Cost', 'Latencies of the answers'],
    );
    for (const drawing of drawings) assert.ok(wellFormedTags(drawing).length > 5);
    const { passed, failed, ci95 } = result.summary[0]!;
    const percent = (share: number) => `${Math.round(share * 100)} %`;
    assert.ok(
      drawings[0]!.includes(`${percent(passed / (passed + failed))} (${percent(ci95[0])} – ${percent(ci95[1])})`),
    );
    assert.match(html, /1 marked by hand/);
    assert.match(html, /\+ \$0\.250000 for judges/);
    assert.match(html, /Marked fail by Priya, 2026-03-01; the checks said pass: Too &lt;curt&gt;/);
    assert.match(html, /Judges: \$0\.250000/);
  });

  it('as HTML hold prompts and outputs as text only and load nothing', () => {
    const html = reportAs('html', result);
    assert.doesNotMatch(html, /<script|<b>|<case|src=|href=/);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(html, /default-src 'none'/);
    assert.match(html, /4 passed, 1 failed, 1 errors of 6 cells/);
    assert.match(html, /Regressions against a\/b@1\.0: 0/);
  });
});

/** Reads XML strictly enough for what we write: every tag closed in order, every `&` an entity, only XML's characters. */
function wellFormedTags(xml: string): string[] {
  const open: string[] = [];
  const all: string[] = [];
  const body = xml.replace(/^<\?xml [^?]*\?>\n/, '');
  const token = /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*(?:&[a-z#0-9]+;[^"<&]*)*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let match = token.exec(body); match; match = token.exec(body)) {
    const [, closing, name, , empty, text] = match;
    end = token.lastIndex;
    if (text !== undefined) assert.match(text, /^(?:[^&]|&(?:amp|lt|gt|quot|#39);)*$/);
    else if (closing) assert.equal(open.pop(), name);
    else {
      all.push(name!);
      if (!empty) open.push(name!);
    }
  }
  assert.equal(end, body.length, body.slice(end, end + 80));
  assert.deepEqual(open, []);
  const forbidden = [...xml].filter((letter) => letter < ' ' && !'\t\r\n'.includes(letter));
  assert.deepEqual(forbidden, []);
  return all;
}
