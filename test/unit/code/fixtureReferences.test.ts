import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findReferences, referenceLanguages } from '../../../src/code/findReferences.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/code');

/** Of each text: `line kind path@selector (variables passed)`; `…` where others may be passed as well. */
const expected: Record<string, string[]> = {
  csharp: [
    '5 comment legal/nda',
    '13 call support/triage@^2 (message, tone)',
    '14 call support/summary (message, language)',
    '19 call legal/risk (…)',
    '20 url legal/terms@1.2',
    '21 call ops/alert',
    '22 call ops/alert (level)',
    '23 uri ops/digest',
  ],
  dockercompose: ['5 uri support/triage@^2', '7 call support/summary', '9 call ops/alert'],
  go: [
    '10 comment legal/nda',
    '14 call support/triage@^2 (message, tone)',
    '18 call support/summary@2.3 (message, …)',
    '22 call ops/alert (level)',
    '23 url legal/terms@1.2',
    '25 uri legal/risk',
  ],
  java: [
    '7 comment legal/nda',
    '14 call support/triage@PRD (message, tone)',
    '15 call support/summary (message, language)',
    '17 call support/risk (…)',
    '18 call ops/alert (level)',
    '19 url legal/terms@^1',
    '21 uri legal/risk',
  ],
  json: [
    '3 call support/triage (message)',
    '4 call support/triage@TST any',
    '7 uri support/summary@^2',
    '8 call ops/alert',
    '9 url legal/terms@^1',
  ],
  jsonc: ['2 comment legal/nda', '3 uri support/triage'],
  php: [
    '6 comment legal/nda',
    '12 call support/triage@^2 (message, tone)',
    '13 call support/summary (message, …)',
    '14 call legal/risk',
    '15 url legal/terms@^1',
    '17 uri ops/digest',
    '19 call ops/alert (level)',
    '20 call ops/page (…)',
  ],
  python: [
    '1 uri support/triage@PRD',
    '8 uri ops/rota',
    '12 call support/triage (message, tone)',
    '14 call support/summary@^2 (message, language)',
    '17 call legal/risk (clause, …)',
    '19 url legal/terms (country)',
    '21 call ops/alert (level)',
    '22 call ops/digest (rows)',
    '23 comment legal/nda',
  ],
  ruby: [
    '3 comment legal/nda',
    '8 call support/triage@^2 (message, tone)',
    '9 call support/summary (message, language)',
    '10 call legal/risk (…)',
    '11 call legal/terms',
    '13 uri ops/digest',
    '13 call ops/rota',
    '15 call ops/alert (level)',
    '16 call ops/page any (host)',
    '23 comment legal/risk',
  ],
  rust: [
    '4 comment legal/nda',
    '8 call support/triage@^2 (message, tone)',
    '10 call support/summary (message, language)',
    '13 call legal/risk (clause)',
    '14 url legal/terms@1.2',
    '15 call ops/alert (level)',
    '16 call ops/page',
    '17 uri ops/digest',
  ],
  shellscript: [
    '3 comment legal/nda',
    '4 call support/triage@^2 (message, tone)',
    '5 call support/summary (message, …)',
    '8 call legal/risk any ()',
    '9 call support/triage@TST any',
    '9 call support/summary any',
    '10 url legal/terms@^1',
    '12 call ops/digest',
    '12 uri ops/rota',
    '14 call ops/alert computed (…)',
  ],
  typescript: [
    '11 uri support/triage',
    '13 call support/triage@^2 (message, tone)',
    '15 comment support/summary',
    '16 call support/summary@2.3 (message, language)',
    '19 call legal/risk computed (clause, …)',
    '20 url legal/nda@^1',
    '21 url legal/terms (country, clause)',
    '26 call ops/alert (level, host)',
    '27 call ops/digest any (rows)',
  ],
  yaml: [
    '2 comment legal/nda',
    '5 uri support/summary@PRD',
    '6 uri ops/rota',
    '11 call support/triage@TST any',
    '14 comment legal/risk',
    '15 call support/triage (message, tone)',
    '17 url legal/terms@1.2',
    '19 call ops/digest',
    '23 call ops/alert (level)',
    '27 call ops/page',
  ],
};
// Written as another one is.
const sameAs = ['typescriptreact', 'javascript', 'javascriptreact'];

describe('findReferences in whole files', () => {
  for (const [language, references] of Object.entries(expected)) {
    it(`finds every reference in ${language}, with what is passed, and nothing that only looks like one`, async () => {
      const text = await readFile(join(fixtures, `${language}.txt`), 'utf8');
      assert.deepEqual(described(text, language), references);
      assert.deepEqual(described(text.replaceAll('\n', '\r\n'), language), references);
    });
  }

  it('finds none in programs that only write of prompts and commands, such as this one', () => {
    const root = join(import.meta.dirname, '../../..');
    const files = globSync('src/{cli,vault,engine,lab,models}/**/*.ts', { cwd: root });
    const found = files.filter(
      (file) => findReferences(readFileSync(join(root, file), 'utf8'), 'typescript').length > 0,
    );
    assert.ok(files.length > 250, `${files.length} files`);
    assert.deepEqual(found, []);
  });

  it('reads a megabyte of TypeScript in less than 100 ms of the processor', () => {
    const root = join(import.meta.dirname, '../../..');
    const all = globSync('src/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
    const text = all.join('\n').slice(0, 1_048_576);
    assert.equal(text.length, 1_048_576);
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      findReferences(text, 'typescript');
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    const [, , median = 0] = times.sort((one, other) => one - other);
    assert.ok(median < 100, `${times.join(', ')} ms`);
  });

  it('knows a file of every language', () => {
    assert.deepEqual(Object.keys(expected).sort(), referenceLanguages.filter((one) => !sameAs.includes(one)).sort());
  });
});

function described(text: string, language: string): string[] {
  return findReferences(text, language).map(({ path, selector, start, kind, asks, variables }) => {
    const line = text.slice(0, start).split('\n').length;
    const written = selector === null ? path : `${path}@${selector}`;
    const names = variables && [...variables.names.map(({ name }) => name), ...(variables.complete ? [] : ['…'])];
    return `${line} ${kind} ${written}${asks === 'released' ? '' : ` ${asks}`}${names ? ` (${names.join(', ')})` : ''}`;
  });
}
