import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCaseFile, readChecksFile } from '../../../src/lab/caseFiles.ts';
import { parseExpectation } from '../../../src/lab/expectation.ts';
import type { Case, Check } from '../../../src/lab/types.ts';
import { caseFormats, writeCases } from '../../../src/lab/writeCases.ts';

const banking = new URL('../../fixtures/data/banking-cases-20.csv', import.meta.url).pathname;

describe('case files', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pv-cases-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const write = async (name: string, content: string | Uint8Array) => {
    const file = join(folder, name);
    await writeFile(file, content);
    return file;
  };

  it('reads twenty real cases with their expected answers', async () => {
    const { columns, cases } = await readCaseFile(banking);
    assert.deepEqual(columns, ['message']);
    assert.equal(cases.length, 20);
    assert.deepEqual(cases[1], {
      id: '2',
      name: "The refund isn't showing up on my account.",
      variables: { message: "The refund isn't showing up on my account." },
      checks: [{ type: 'equals', value: 'Refund_not_showing_up' }],
    });
  });

  it('reads quotes, line breaks in cells, a byte order mark, CRLF, names and several checks', async () => {
    const text =
      '\ufeffq, n ,__expected,__expected1,__description,__metric,__metadata:area\r\n"a ""b"",\r\nc",1,icontains:x,,Greeting,m,z\r\nd,2,,latency(500),,,\r\n\r\n';
    const { columns, cases } = await readCaseFile(await write('all.csv', text));
    assert.deepEqual(columns, ['q', 'n']);
    assert.deepEqual(cases, [
      {
        id: '1',
        name: 'Greeting',
        variables: { q: 'a "b",\r\nc', n: '1' },
        checks: [{ type: 'icontains', value: 'x', metric: 'm' }],
        metadata: { area: 'z' },
      },
      { id: '2', name: 'd', variables: { q: 'd', n: '2' }, checks: [{ type: 'latency', threshold: 500 }] },
    ]);
  });

  const same = [
    [
      'cases.json',
      '[{"q":"a","n":1,"__expected":"contains:x"},{"q":"b","__expected1":["is-json",{"type":"not-contains","value":"y"}]}]',
    ],
    [
      'cases.jsonl',
      '{"q":"a","n":1,"__expected":"contains:x"}\n\n{"q":"b","__expected1":["is-json",{"type":"contains","value":"y","not":true}]}\n',
    ],
    [
      'cases.yaml',
      '- {q: a, n: 1, __expected: "contains:x"}\n- q: b\n  __expected1: [is-json, {type: not-contains, value: y}]\n',
    ],
  ] as const;
  for (const [name, text] of same) {
    it(`reads the same cases from ${name}`, async () => {
      const { columns, cases } = await readCaseFile(await write(name, text));
      assert.deepEqual(columns, ['q', 'n']);
      assert.deepEqual(
        cases.map(({ variables, checks }) => ({ variables, checks })),
        [
          { variables: { q: 'a', n: 1 }, checks: [{ type: 'contains', value: 'x' }] },
          { variables: { q: 'b' }, checks: [{ type: 'is-json' }, { type: 'contains', value: 'y', not: true }] },
        ],
      );
    });
  }

  it('reads what promptfoo puts around a row: prefix, suffix, threshold, metric, metadata and parts of a check', async () => {
    const text =
      'q,__prefix,__suffix,__threshold,__metric,__metadata:area,__metadata:tags[],__expected1,__expected2,__config:__expected2:threshold,__config:__expected1:weight\n' +
      'a,Now: , Thanks,0.5,Tone,north,"x, y\\, z",contains:a,cost(1),3,2\n';
    const { columns, cases } = await readCaseFile(await write('around.csv', text));
    assert.deepEqual(columns, ['q']);
    assert.deepEqual(cases[0], {
      ...{ id: '1', name: 'a', variables: { q: 'a' }, prefix: 'Now: ', suffix: ' Thanks', threshold: 0.5 },
      checks: [
        { metric: 'Tone', type: 'contains', value: 'a', weight: 2 },
        { metric: 'Tone', type: 'cost', threshold: 3 },
      ],
      metadata: { area: 'north', tags: ['x', 'y, z'] },
    });
  });

  for (const format of caseFormats) {
    it(`writes cases as ${format} that read back to the same`, async () => {
      const cases: Case[] = [
        {
          ...{ id: '1', name: 'First, "quoted"', variables: { q: ' a\nb ', n: 'x' }, prefix: ' p', threshold: 0.5 },
          checks: [
            { type: 'equals', value: 'is-json' },
            { type: 'contains', value: 'y:z', not: true, weight: 0.5, metric: 'm' },
            { type: 'is-json', value: { type: 'object' } },
          ],
          metadata: { area: 'z' },
        },
        { id: '2', name: 'Second', variables: { q: 'b', n: '' }, checks: [] },
      ];
      const file = await write(`back.${format}`, writeCases(cases, format));
      assert.deepEqual((await readCaseFile(file)).cases, cases);
    });
  }

  const bad: [what: string, name: string, content: string | Uint8Array, line: number | undefined][] = [
    ['a short row', 'a.csv', 'a,b\n1,2\n3\n', 3],
    ['a long row', 'a.csv', 'a,b\n1,2,3\n', 2],
    ['an unclosed quote', 'a.csv', 'a,b\n"1,2\n3,4\n', 3],
    ['text after a quote', 'a.csv', 'a,b\n"1"x,2\n', 2],
    ['a quote inside a cell', 'a.csv', 'a,b\n1"x,2\n', 2],
    ['an empty file', 'a.csv', '\n', undefined],
    ['no rows', 'a.csv', 'a,b\n', undefined],
    ['semicolons', 'a.csv', 'a;b\n1;2\n', 1],
    ['a column without a name', 'a.csv', 'a,,b\n1,2,3\n', 1],
    ['a column twice', 'a.csv', 'a,a\n1,2\n', 1],
    ['a column that would change what is sent', 'a.csv', 'a,__options\n1,2\n', 1],
    ['a threshold that is no share', 'a.csv', 'a,__threshold\n1,2\n', 2],
    ['a check part that is no number', 'a.csv', 'a,__expected,__config:__expected:threshold\n1,similar:x,much\n', 2],
    ['a prototype column', 'a.csv', 'a,__proto__\n1,2\n', 1],
    ['a check of promptfoo that is not ours', 'a.csv', 'a,__expected\n1,x\n2,g-eval:polite\n', 3],
    ['a pattern that is none', 'a.csv', 'a,__expected\n1,regex:(\n', 2],
    ['Latin-1', 'a.csv', Buffer.from('a\nok\ncaf\u00e9\n', 'latin1'), 3],
    ['UTF-16', 'a.csv', Buffer.from('\ufeffa\n1\n', 'utf16le'), undefined],
    ['a binary file', 'a.csv', Buffer.from([97, 10, 0, 10]), undefined],
    ['an unknown ending', 'a.xlsx', 'a\n1\n', undefined],
    ['broken JSON', 'a.json', '[{"a":1},', undefined],
    ['JSON that is no list', 'a.json', '{"a":1}', undefined],
    ['a list of texts', 'a.json', '["a"]', undefined],
    ['a broken line', 'a.jsonl', '{"a":1}\n{"a":\n', 2],
    ['broken YAML', 'a.yaml', '- a: 1\n- "b\n', 3],
    ['a YAML tag', 'a.yaml', '- a: !!js/function x\n', 1],
    ['an alias bomb', 'a.yaml', aliasBomb(), undefined],
    [
      'an unknown part of a check',
      'a.json',
      '[{"a":1,"__expected":{"type":"contains","value":"x","provider":"y"}}]',
      undefined,
    ],
  ];
  for (const [what, name, content, line] of bad) {
    it(`refuses ${what}${line ? ` and tells line ${line}` : ''}`, async () => {
      const file = await write(name, content);
      await assert.rejects(readCaseFile(file), (error: { code: string; details: { file: string; line?: number } }) => {
        assert.equal(error.code, 'BAD_FILE');
        assert.equal(error.details.file, file);
        assert.equal(error.details.line, line);
        return true;
      });
    });
  }

  it('tells a missing file from a bad one', async () => {
    await assert.rejects(readCaseFile(join(folder, 'none.csv')), { code: 'FILE_NOT_FOUND' });
    await assert.rejects(readCaseFile(folder), { code: 'BAD_FILE' });
  });

  it('reads checks for every case from a list', async () => {
    const file = await write(
      'checks.yaml',
      '- icontains:refund\n- type: is-json\n  weight: 0\n- type: not-equals\n  value: {a: 1}\n',
    );
    assert.deepEqual(await readChecksFile(file), [
      { type: 'icontains', value: 'refund' },
      { type: 'is-json', weight: 0 },
      { type: 'equals', value: { a: 1 }, not: true },
    ]);
    await assert.rejects(readChecksFile(await write('bad.yaml', 'icontains: refund\n')), { code: 'BAD_FILE' });
    await assert.rejects(readChecksFile(await write('bad.yaml', '- type: similar\n')), { code: 'BAD_FILE' });
  });
});

function aliasBomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => `- &l${i + 1} {k: [${`*l${i},`.repeat(9)}]}`);
  return `- &l0 {k: lol}\n${levels.join('\n')}\n`;
}

describe('expectations', () => {
  const table: [cell: string, check: Check][] = [
    ['verify_my_identity', { type: 'equals', value: 'verify_my_identity' }],
    ['  padded ', { type: 'equals', value: '  padded ' }],
    [' icontains:foo', { type: 'icontains', value: 'foo' }],
    ['contains:foo ', { type: 'contains', value: 'foo ' }],
    [' is-json ', { type: 'is-json' }],
    ['equals:is-json', { type: 'equals', value: 'is-json' }],
    ['icontains:foo', { type: 'icontains', value: 'foo' }],
    ['contains:a:b', { type: 'contains', value: 'a:b' }],
    ['not-contains:x', { type: 'contains', not: true, value: 'x' }],
    ['regex:^a', { type: 'regex', value: '^a' }],
    ['contains:two\nlines', { type: 'contains', value: 'two\nlines' }],
    ['is-json', { type: 'is-json' }],
    ['is-json:{"type":"array"}', { type: 'is-json', value: '{"type":"array"}' }],
    ['not-is-json', { type: 'is-json', not: true }],
    ['latency(500)', { type: 'latency', threshold: 500 }],
    ['latency:500', { type: 'latency', value: '500' }],
    ['cost(0.01)', { type: 'cost', threshold: 0.01 }],
    ['similar(0.8):x', { type: 'similar', threshold: 0.8, value: 'x' }],
    ['contains-any:a,b', { type: 'contains-any', value: 'a,b' }],
    ['not-starts-with:{{x}}', { type: 'starts-with', not: true, value: '{{x}}' }],
    ['Answer: yes', { type: 'equals', value: 'Answer: yes' }],
    ['note:remember', { type: 'equals', value: 'note:remember' }],
    ['grade', { type: 'equals', value: 'grade' }],
  ];
  for (const [cell, check] of table) {
    it(`takes ${JSON.stringify(cell)} as ${check.not ? 'not ' : ''}${check.type}`, () => {
      assert.deepEqual(parseExpectation(cell), check);
    });
  }

  for (const cell of [
    'javascript:1',
    'not-webhook:x',
    'is-sql:oracle',
    'similar',
    'contains',
    'latency',
    'contains(2):x',
  ]) {
    it(`refuses ${cell}`, () => {
      assert.throws(() => parseExpectation(cell), { code: 'INVALID_INPUT' });
    });
  }
});
