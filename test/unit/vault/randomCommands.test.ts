import assert from 'node:assert/strict';
import fc from 'fast-check';
import { codeOf } from '../../../src/shared/errors.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { temporaryVault, userMessage } from '../../support/vaultBuilders.ts';
import {
  addVersion,
  type ModelPrompt,
  type ModelVersion,
  nameOf,
  promoteModel,
  saveText,
  type VaultModel,
} from '../../support/vaultModel.ts';

const paths = ['a', 'a/b', 'x/y'];
type Step = { verb: string; path: string; other: string; pick: number; text: string; flag: boolean };
const steps = fc.record({
  verb: fc.constantFrom(
    'create',
    'edit',
    'edit',
    'createVersion',
    'createVersion',
    'promote',
    'promote',
    'promote',
    'rollback',
    'rollback',
    'delete',
    'tag',
    'move',
    'restore',
    'title',
  ),
  path: fc.constantFrom(...paths),
  other: fc.constantFrom(...paths),
  pick: fc.nat(9),
  text: fc.constantFrom('one', 'two', 'three', 'four'),
  flag: fc.boolean(),
});

const beginning = ['a', 'a/b'].map(
  (path): Step => ({ verb: 'create', path, other: path, pick: 0, text: 'one', flag: false }),
);

/** What the model does with a step, or the code the vault must refuse it with. */
function expectStep(model: VaultModel, step: Step, version: ModelVersion | undefined): string | null {
  const prompt = model.get(step.path);
  if (step.verb === 'create') {
    if (prompt) return 'EXISTS';
    const made: ModelPrompt = {
      path: step.path,
      title: step.path.split('/').at(-1) ?? '',
      tags: new Set(),
      versions: [],
      highest: new Map(),
      events: ['prompt.created null'],
    };
    addVersion(made, 1, { text: step.text });
    model.set(step.path, made);
    return null;
  }
  if (!prompt || !version) return 'NOT_FOUND';
  return changes[step.verb]?.({ model, prompt, version, step }) ?? null;
}
type Change = (p: { model: VaultModel; prompt: ModelPrompt; version: ModelVersion; step: Step }) => string | null;
const isDraft = ({ stage }: ModelVersion) => stage === 'DEV' || stage === 'TST';
const changes: Record<string, Change> = {
  edit: ({ prompt, version, step }) => {
    if (!isDraft(version)) return 'RULE';
    if (saveText(version, step.text)) prompt.events.push(`version.edited ${nameOf(version)}`);
    return null;
  },
  restore: ({ prompt, version }) => {
    if (!isDraft(version)) return 'RULE';
    if (saveText(version, version.saved[0] ?? '')) prompt.events.push(`version.restored ${nameOf(version)}`);
    return null;
  },
  createVersion: ({ prompt, version, step }) => {
    const major = step.flag ? Math.max(...prompt.highest.keys()) + 1 : version.major;
    addVersion(prompt, major, { text: version.text, copiedFrom: nameOf(version) });
    return null;
  },
  promote: ({ prompt, version }) => {
    if (!isDraft(version)) return 'RULE';
    promoteModel(prompt, version);
    return null;
  },
  rollback: ({ prompt, version }) => {
    if (version.stage !== 'RET') return 'RULE';
    const origin = { copiedFrom: nameOf(version), rollbackOf: nameOf(version), rationale: 'because' };
    const back = addVersion(prompt, version.major, { text: version.text, ...origin });
    promoteModel(prompt, back);
    promoteModel(prompt, back);
    prompt.events.push(`version.rolledBack ${nameOf(back)}`);
    return null;
  },
  delete: ({ model, prompt, version }) => {
    if (version.stage !== 'DEV') return 'RULE';
    prompt.versions = prompt.versions.filter((other) => other !== version);
    prompt.events.push(`version.deleted ${nameOf(version)}`);
    if (prompt.versions.length === 0) model.delete(prompt.path);
    return null;
  },
  tag: ({ prompt, step }) => {
    const had = prompt.tags.has(step.text);
    if (step.flag) prompt.tags.add(step.text);
    else prompt.tags.delete(step.text);
    if (had !== step.flag) prompt.events.push('prompt.tagged null');
    return null;
  },
  title: ({ prompt, step }) => {
    if (prompt.title !== step.text) prompt.events.push('prompt.edited null');
    prompt.title = step.text;
    return null;
  },
  move: ({ model, prompt, step }) => {
    if (step.other === prompt.path) return null;
    if (model.has(step.other)) return 'EXISTS';
    model.delete(prompt.path);
    prompt.path = step.other;
    model.set(step.other, prompt);
    prompt.events.push('prompt.moved null');
    return null;
  },
};

/** Half of the time a version that the verb is meant for, so that long lives come about; else any. */
function choose(versions: ModelVersion[], { verb, flag, pick }: Step): ModelVersion | undefined {
  const meant = { rollback: ['RET'], promote: ['DEV', 'TST'] }[verb];
  const fitting = versions.filter(({ stage }) => meant?.includes(stage));
  const pool = flag && fitting.length > 0 ? fitting : versions;
  return pool[pick % Math.max(pool.length, 1)];
}

function runStep(vault: Vault, { verb, path, other, text, flag }: Step, version: string): string | null {
  const ref = `${path}@${version}`;
  const verbs: Record<string, () => unknown> = {
    create: () => vault.create({ path, messages: [userMessage(text)] }),
    edit: () => vault.edit({ ref, messages: [userMessage(text)] }),
    restore: () => vault.restoreRevision({ ref, revision: 1 }),
    createVersion: () => vault.createVersion({ ref, major: flag }),
    promote: () => vault.promote({ ref }),
    rollback: () => vault.rollback({ path, to: version, reason: 'because' }),
    delete: () => vault.deleteVersion({ ref }),
    tag: () => vault.tag({ path, [flag ? 'add' : 'remove']: [text] }),
    title: () => vault.editPrompt({ path, title: text }),
    move: () => vault.move({ path, to: other }),
  };
  try {
    verbs[verb]?.();
    return null;
  } catch (error) {
    return codeOf(error);
  }
}

function stateOfModel(model: VaultModel) {
  return [...model.values()]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, title, tags, versions, events }) => {
      const count = (stage: string) => versions.filter((version) => version.stage === stage).length;
      const live = versions.find(({ stage }) => stage === 'PRD');
      return {
        path,
        title,
        tags: [...tags].sort(),
        stages: { DEV: count('DEV'), TST: count('TST'), PRD: live ? nameOf(live) : null, RET: count('RET') },
        latest: versions[0] && nameOf(versions[0]),
        served: live?.text ?? 'NOT_FOUND',
        versions: versions.map((v) => [
          nameOf(v),
          v.stage,
          v.text,
          v.rationale,
          v.saved,
          v.copiedFrom,
          v.rollbackOf,
          v.replacedBy,
        ]),
        events,
      };
    });
}

function stateOfVault(vault: Vault) {
  return vault.list({}).prompts.map(({ path, title, tags, stages, latest }) => {
    const { versions, events } = vault.history({ path });
    const stories = versions.map(({ version, stage, rationale, copiedFrom, rollbackOf, replacedBy }) => {
      const ref = `${path}@${version}`;
      const text = vault.show({ ref }).messages[0]?.content;
      const saved = vault
        .revisions({ ref })
        .map(({ revision }) => vault.showRevision({ ref, revision }).messages[0]?.content);
      return [version, stage, text, rationale, saved.reverse(), copiedFrom, rollbackOf, replacedBy];
    });
    const served = stages.PRD ? vault.get({ ref: path }).messages[0]?.content : 'NOT_FOUND';
    return {
      path,
      title,
      tags,
      stages,
      latest,
      served,
      versions: stories,
      events: events.map((e) => `${e.kind} ${e.version}`),
    };
  });
}

describe('any sequence of commands', () => {
  it('leaves what a simple model says, and a vault that verifies', function () {
    this.timeout(120_000);
    fc.assert(
      fc.property(fc.array(steps, { minLength: 40, maxLength: 90, size: 'max' }), (random) => {
        const made = temporaryVault();
        try {
          const model: VaultModel = new Map();
          for (const step of [...beginning, ...random]) {
            const versions = model.get(step.path)?.versions ?? [];
            const version = choose(versions, step);
            const name = version ? nameOf(version) : '1.0';
            assert.equal(runStep(made.vault, step, name), expectStep(model, step, version), JSON.stringify(step));
          }
          assert.deepEqual(stateOfVault(made.vault), stateOfModel(model));
          assert.deepEqual(made.vault.verify().problems, []);
        } finally {
          made.remove();
        }
      }),
      { numRuns: 40 },
    );
  });
});
