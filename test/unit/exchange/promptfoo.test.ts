import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { importPromptfoo, type PromptfooReport } from '../../../src/exchange/promptfoo/importPromptfoo.ts';
import { labData } from '../../../src/lab/labData.ts';
import { metricNames } from '../../../src/shared/metricNames.ts';
import { type TestVault, temporaryVault } from '../../support/vaultBuilders.ts';

describe('promptfoo configurations', () => {
  let made: TestVault;
  let folder: string;
  beforeEach(() => {
    made = temporaryVault();
    folder = mkdtempSync(join(tmpdir(), 'promptvault-foo-'));
  });
  afterEach(() => {
    made.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const take = (config: string, more: { dryRun?: boolean } = {}) =>
    importPromptfoo(made.vault, labData(made.vault.database), {
      file: write('promptfooconfig.yaml', config),
      name: 'triage',
      ...more,
    });
  const data = () => labData(made.vault.database);
  const left = ({ notCarried }: PromptfooReport) => notCarried.map(({ where, what }) => `${where}: ${what}`);

  it('become prompts, a dataset and a suite that runs them', async () => {
    write('prompts/short.txt', 'Sort: {{message}}\n---\nSort this: {{message}}\n');
    write('prompts/chat.json', '[{"role":"system","content":"You sort."},{"role":"user","content":"{{message}}"}]');
    const report = await take(`
description: Sorting mail
prompts:
  - 'Which kind is {{message}}?'
  - file://prompts/*.txt
  - { id: file://prompts/chat.json, label: Chat }
providers:
  - openai:chat:gpt-5-mini
  - id: anthropic:messages:claude-haiku-4-5
    label: haiku
    config: { temperature: 0, max_tokens: 50 }
  - echo
defaultTest:
  vars: { tone: calm }
  assert: [{ type: latency, threshold: 5000 }]
tests:
  - description: A late parcel
    vars: { message: Where is it? }
    assert:
      - { type: icontains, value: parcel, weight: 2, metric: Kind }
      - { type: not-contains, value: sorry }
    threshold: 0.5
    metadata: { area: north }
  - vars: { message: [a, b] }
evaluateOptions: { repeat: 2 }
`);
    assert.deepEqual(report.created.sort(), ['triage/Chat', 'triage/prompts-0', 'triage/short-1', 'triage/short-2']);
    assert.deepEqual(report.notCarried, []);
    assert.deepEqual(made.vault.show({ ref: 'triage/Chat' }).messages, [
      { role: 'system', content: 'You sort.' },
      { role: 'user', content: '{{message}}' },
    ]);
    const { rows, description } = data().showDataset({ name: 'triage' });
    assert.equal(description, 'Sorting mail');
    assert.deepEqual(rows[0], {
      ...{ id: '1', name: 'A late parcel', variables: { tone: 'calm', message: 'Where is it?' } },
      checks: [
        { type: 'latency', threshold: 5000 },
        { type: 'icontains', value: 'parcel', weight: 2, metric: 'Kind' },
        { type: 'contains', not: true, value: 'sorry' },
      ],
      ...{ threshold: 0.5, metadata: { area: 'north' } },
    });
    assert.deepEqual(
      rows.slice(1).map(({ variables }) => variables.message),
      ['a', 'b'],
    );
    const { definition } = data().showSuite({ name: 'triage' });
    assert.deepEqual(definition.models, [
      'openai:gpt-5-mini',
      { model: 'anthropic:claude-haiku-4-5', settings: { temperature: 0, maxTokens: 50 }, label: 'haiku' },
      'echo:echo',
    ]);
    assert.deepEqual([definition.dataset, definition.repeat], ['triage', 2]);
  });

  it('keep named metrics, those of groups and of CSV too, with the values of the test in their names', async () => {
    write('more/cases.csv', 'message,__expected,__metric,__threshold\nfrom csv,contains:x,Tone,0.5\n');
    const report = await take(`
prompts: ['Sort {{message}}']
providers: [echo]
defaultTest:
  assert: [{ type: contains, value: a, metric: 'Kind of {{message}}' }]
tests:
  - vars: { message: mail }
    assert:
      - type: assert-set
        metric: Both
        assert: [{ type: contains, value: b, metric: '{{nothing}}' }]
  - file://more/cases.csv
`);
    assert.deepEqual(report.notCarried, []);
    const { rows } = data().showDataset({ name: 'triage' });
    assert.deepEqual(
      rows.map(({ checks }) => metricNames(checks)),
      [
        ['Kind of mail', 'Both', '{{nothing}}'],
        ['Kind of from csv', 'Tone'],
      ],
    );
    assert.equal(rows[1]!.threshold, 0.5);
  });

  it('change nothing the second time, and nothing at all in a dry run', async () => {
    const config = `prompts: ['Sort {{message}}']\nproviders: [echo]\ntests: [{ vars: { message: x } }]\n`;
    const dry = await take(config, { dryRun: true });
    assert.deepEqual(dry.created, ['triage/prompts-0']);
    assert.equal(made.vault.list({}).total, 0);
    await take(config);
    const seq = made.vault.info().lastSeq;
    assert.deepEqual((await take(config)).unchanged, ['triage/prompts-0']);
    assert.equal(made.vault.info().lastSeq, seq);
  });

  it('read tests from CSV, YAML and JSON Lines files, scenarios, templates and files for values', async () => {
    write('more/cases.csv', 'message,__expected\nfrom csv,contains:x\n');
    write('more/cases.yaml', '- vars: { message: from yaml }\n');
    write('more/cases.jsonl', '{"vars":{"message":"from jsonl"}}\n');
    write('long.txt', 'a long letter');
    const report = await take(`
prompts: ['Sort {{message}}']
providers: [echo]
assertionTemplates:
  short: { type: contains, value: short }
tests:
  - file://more/*.csv
  - more/cases.yaml
  - file://more/cases.jsonl
  - vars: { message: file://long.txt }
    assert: [{ $ref: '#/assertionTemplates/short' }]
scenarios:
  - config: [{ vars: { message: one } }, { vars: { message: two } }]
    tests: [{ vars: { tone: dry } }]
`);
    assert.deepEqual(report.notCarried, []);
    const { rows } = data().showDataset({ name: 'triage' });
    assert.deepEqual(
      rows.map(({ variables }) => variables.message),
      ['from csv', 'from yaml', 'from jsonl', 'a long letter', 'one', 'two'],
    );
    assert.deepEqual(rows[3]?.checks, [{ type: 'contains', value: 'short' }]);
    assert.deepEqual(rows[5]?.variables, { message: 'two', tone: 'dry' });
  });

  it('list all that has no place here, and never run code', async () => {
    const report = await take(`
prompts:
  - '{% if tone %}Kindly {% endif %}sort {{ message | upper }}'
  - file://make_prompt.py
providers:
  - exec:node model.js
  - id: openai:gpt-5
    config: { apiKey: sk-secret, apiBaseUrl: 'https://x.example', mystery: 1 }
  - ollama:chat:llama3
redteam: { purpose: x }
nunjucksFilters: { upper: ./upper.js }
tests:
  - file://make_tests.js
  - vars: { message: a }
    options: { transform: output.trim() }
    providers: [openai:gpt-5]
    assert:
      - { type: javascript, value: output.length > 3 }
      - { type: classifier, value: x }
      - { type: regex, value: '(' }
      - { type: contains, value: file://check.js }
      - { type: contains, value: x, transform: output }
`);
    assert.deepEqual(left(report).sort(), [
      'nunjucksFilters: nunjucksFilters',
      'prompts[0]: {% endif %}',
      'prompts[0]: {% if tone %}',
      'prompts[0]: {{ message | upper }}',
      'prompts[1]: prompt',
      'providers[0]: exec:node model.js',
      'providers[1]: apiBaseUrl',
      'providers[1]: apiKey',
      'providers[1]: mystery',
      'providers[2]: ollama:chat:llama3',
      'redteam: redteam',
      'tests[0]: file://make_tests.js',
      'tests[1].assert[0]: javascript',
      'tests[1].assert[1]: classifier',
      'tests[1].assert[2]: regex',
      'tests[1].assert[3]: contains',
      'tests[1].assert[4]: contains: transform',
      'tests[1]: options.transform',
      'tests[1]: providers',
    ]);
    assert.deepEqual(report.models, ['openai:gpt-5', 'compatible:llama3']);
    assert.equal(JSON.stringify(data().showSuite({ name: 'triage' })).includes('sk-secret'), false);
    assert.equal(JSON.stringify(report.notCarried).includes('sk-secret'), false);
    assert.deepEqual(data().showDataset({ name: 'triage' }).rows[0]?.checks, [{ type: 'contains', value: 'x' }]);
  });

  it('that are none are refused', async () => {
    await assert.rejects(take('tests: []\n'), { code: 'BAD_FILE' });
    await assert.rejects(take('prompts: [\n'), { code: 'BAD_FILE' });
    const missing = { file: join(folder, 'none.yaml') };
    await assert.rejects(importPromptfoo(made.vault, data(), missing), { code: 'FILE_NOT_FOUND' });
  });
});
