import assert from 'node:assert/strict';
import { afterPromotion } from '../../../src/code/callSiteFit.ts';
import { checkCallSites } from '../../../src/code/callSites.ts';
import { findReferences } from '../../../src/code/findReferences.ts';
import type { ContractVersion, PromptContract } from '../../../src/code/types.ts';

const message = { name: 'message' };
const tone = { name: 'tone', default: 'kind' };
const version = (number: string, stage: ContractVersion['stage'], variables = [message, tone]): ContractVersion => ({
  version: number,
  stage,
  variables,
});
const triage: PromptContract = {
  versions: [
    version('3.0', 'DEV'),
    version('2.1', 'TST', [message, tone, { name: 'language' }]),
    version('2.0', 'PRD'),
    version('1.10', 'RET', [message]),
    version('1.9', 'RET', [message]),
  ],
};
const draft: PromptContract = { versions: [version('1.0', 'TST')] };
const vault: { [path: string]: PromptContract | null | undefined } = {
  'support/triage': triage,
  'support/draft': draft,
  'support/gone': null,
};

/** Each problem as `code severity "the text it stands at"`, and the variable. */
function problems(text: string, language = 'typescript', contracts = vault): string[] {
  const found = checkCallSites(findReferences(text, language), (path) => contracts[path]);
  return found.map(({ code, severity, start, end, variable }) =>
    [code, severity, `"${text.slice(start, end)}"`, ...(variable ? [variable] : [])].join(' '),
  );
}

describe('checkCallSites', () => {
  it('says nothing of calls that fit, and of prompts nobody knows anything of', () => {
    assert.deepEqual(problems('vault.get("support/triage", { variables: { message, tone } })'), []);
    assert.deepEqual(problems('vault.get("support/triage@^2", { variables: { message } })'), []);
    assert.deepEqual(problems('vault.get("support/triage@2.0")'), []);
    assert.deepEqual(problems('vault.get("other/prompt", { variables: { anything } })'), []);
  });

  it('tells of prompts that the vault has not', () => {
    assert.deepEqual(problems('vault.get("support/gone@^1")'), ['unknown error "support/gone"']);
    assert.deepEqual(problems('// promptvault: support/gone'), ['unknown warning "support/gone"']);
    assert.deepEqual(problems('fetch(base + "/v1/get/support/gone")'), ['unknown warning "support/gone"']);
  });

  it('tells of prompts without a version in production', () => {
    assert.deepEqual(problems('vault.get("support/draft")'), ['no-prd error "support/draft"']);
    assert.deepEqual(problems('vault.get("support/draft@prd")'), ['no-prd error "prd"']);
    assert.deepEqual(problems('const a = "promptvault:support/draft";'), ['no-prd warning "support/draft"']);
  });

  it('tells of calls that stay on a retired version, softly when a range holds them', () => {
    assert.deepEqual(problems('vault.get("support/triage@1.9")'), ['retired warning "1.9"']);
    assert.deepEqual(problems('vault.get("support/triage@RET")'), ['retired warning "RET"']);
    assert.deepEqual(problems('vault.get("support/triage@^1")'), ['retired information "^1"']);
    assert.deepEqual(problems('vault.get("support/triage", { range: "^1" })'), ['retired information "^1"']);
    assert.deepEqual(problems('fetch(url + "/v1/get/support/triage?range=%5E1")'), ['retired information "%5E1"']);
  });

  it('checks the variables of the version that is meant, which a range may hold back', () => {
    assert.deepEqual(problems('vault.get("support/triage@v1.10.0", { variables: { message, tone } })'), [
      'retired warning "v1.10.0"',
      'unknown-variable error "tone" tone',
    ]);
    assert.deepEqual(problems('promptvault render support/triage@TST --var message=hi', 'shellscript'), [
      'missing-variable error "support/triage" language',
    ]);
  });

  it('tells of selectors that select nothing, and of drafts, which are not served', () => {
    assert.deepEqual(problems('vault.get("support/triage@^4")'), ['no-such-version error "^4"']);
    assert.deepEqual(problems('vault.get("support/triage@9.9")'), ['no-such-version error "9.9"']);
    assert.deepEqual(problems('vault.get("support/triage@soon")'), ['no-such-version error "soon"']);
    assert.deepEqual(problems('vault.get("support/triage@TST")'), ['no-such-version error "TST"']);
    assert.deepEqual(problems('vault.get("support/triage@latest")'), ['no-such-version error "latest"']);
    assert.deepEqual(problems('vault.get("support/triage", { version: "2.1" })'), ['no-such-version error "2.1"']);
  });

  it('lets commands that look at drafts name them', () => {
    assert.deepEqual(
      problems('promptvault test support/triage@TST support/draft --model echo:echo', 'shellscript'),
      [],
    );
    assert.deepEqual(problems('promptvault show support/triage@1.9', 'shellscript'), []);
    assert.deepEqual(problems('promptvault test support/draft@PRD', 'shellscript'), ['no-prd error "PRD"']);
  });

  it('says nothing of a version that is only known when it runs', () => {
    assert.deepEqual(problems('vault.get("support/draft", { version })'), []);
    assert.deepEqual(problems('promptvault get "support/draft@$RANGE"', 'shellscript'), []);
  });

  it('tells of each variable that is missing and of each that nobody declared', () => {
    assert.deepEqual(problems('vault.get("support/triage", { variables: { mesage: 1, tone } })'), [
      'missing-variable error "support/triage" message',
      'unknown-variable error "mesage" mesage',
    ]);
    assert.deepEqual(problems('vault.get("support/triage", { variables: {} })'), [
      'missing-variable error "support/triage" message',
    ]);
  });

  it('reads on behind calls whose names every object has', () => {
    const text = 'vault.get("support/triage", { variables: { message: mail.toString(), tone: x.valueOf() } })';
    assert.deepEqual(problems(text), []);
    assert.deepEqual(problems(text.replace('tone', 'tome')), ['unknown-variable error "tome" tome']);
  });

  it('takes nothing for missing where others may be passed as well, or where the text is wanted as it is', () => {
    assert.deepEqual(problems('vault.get("support/triage", { variables: { ...rest } })'), []);
    assert.deepEqual(problems('vault.get("support/triage", { variables })'), []);
    assert.deepEqual(problems('vault.get("support/triage")'), []);
    assert.deepEqual(problems('vault.get("support/triage", { variables: { ...rest, tome: 1 } })'), [
      'unknown-variable error "tome" tome',
    ]);
  });
});

describe('afterPromotion', () => {
  const promoted = { ...vault, 'support/triage': afterPromotion(triage, '2.1') };

  it('shows what would break: calls that get production, or a range it falls into', () => {
    const text = [
      'vault.get("support/triage", { variables: { message } });',
      'vault.get("support/triage@^2", { variables: { message, tone } });',
      'vault.get("support/triage@~2.1", { variables: { message, language } });',
      'vault.get("support/triage@2.0", { variables: { message } });',
    ].join('\n');
    assert.deepEqual(problems(text), ['no-such-version error "~2.1"']);
    assert.deepEqual(problems(text, 'typescript', promoted), [
      'missing-variable error "support/triage" language',
      'missing-variable error "support/triage" language',
      'retired warning "2.0"',
    ]);
  });

  it('leaves one version in production', () => {
    const stages = promoted['support/triage'].versions.map((one) => `${one.version} ${one.stage}`);
    assert.deepEqual(stages, ['3.0 DEV', '2.1 PRD', '2.0 RET', '1.10 RET', '1.9 RET']);
  });
});
