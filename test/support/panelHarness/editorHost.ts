import type { EditorContract, EditorSamples, EditorState } from '../../../src/engine/panels.ts';
import { rulesFor } from '../../../src/engine/rules.ts';
import { VaultError } from '../../../src/shared/errors.ts';
import type { JsonObject } from '../../../src/shared/json.ts';
import { declareNew, renderContent } from '../../../src/vault/variables.ts';
import { serveInPage } from './inPageHost.ts';
import { infoOf, models, records } from './sampleVersions.ts';

const query = new URLSearchParams(location.search);
const wanted = query.get('version') ?? '2.3';
const state = query.get('state');
const values: JsonObject =
  state === 'empty' ? {} : { product: 'Acme', message: 'My new card has not arrived yet.', order_number: '4711' };
let samples: EditorSamples = { samples: [{ id: '1', name: 'Sample 1', values }], chosen: '1', more: 0 };
let version = { ...records.find((one) => one.version === wanted)! };
if (state === 'blank') version = { ...version, messages: [{ role: 'user', content: '' }], variables: [] };

function stateNow(): EditorState {
  const rules = rulesFor(version.stage);
  const { edit } = rules.actions;
  return {
    version,
    rules,
    siblings: records.map((one) => infoOf(one.version === version.version ? version : one)),
    stages: { DEV: 1, TST: 1, PRD: '2.2', RET: 1 },
    knownLabels: ['Production Candidate', 'Needs Review'],
    vaultReadOnly: false,
    readOnlyReason: edit.allowed ? null : edit.reason,
    unsaved:
      state === 'unsaved'
        ? { content: { ...version, messages: [{ role: 'user', content: 'Typed before' }] }, revision: 2 }
        : null,
  };
}

// What the page came with: the text of then.
if (query.has('early')) {
  const script = Object.assign(document.createElement('script'), { type: 'application/json', id: 'state' });
  const early = stateNow();
  const messages = version.messages.map((message) => ({
    ...message,
    content: `${message.content} ${query.get('early')}`,
  }));
  script.textContent = JSON.stringify({ ...early, version: { ...early.version, messages } });
  document.body.append(script);
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const tries = new Map<string, AbortController>();

serveInPage<EditorContract>({
  async load() {
    if (state === 'slow') await wait(60_000);
    if (state === 'broken') throw new VaultError('BUSY', 'Another program holds the vault. Close it, then retry.');
    return stateNow();
  },
  async save({ expectRevision, content, ...words }) {
    if (state === 'conflict' && expectRevision === 3) {
      version = {
        ...version,
        revision: 4,
        hash: 'sha256:4',
        rationale: 'Said by Tom',
        updatedBy: 'Tom <tom@example.com>',
      };
      throw new VaultError('CONFLICT', 'Somebody saved revision 4', { expected: 3, actual: version });
    }
    const variables = declareNew(content.variables, content.messages, version.messages);
    version = {
      ...version,
      ...content,
      ...words,
      variables,
      revision: version.revision + 1,
      hash: `sha256:${version.revision}`,
    };
    return stateNow();
  },
  keepUnsaved: async () => undefined,
  compareUnsaved: async () => undefined,
  render: async ({ content, values: given }) => renderContent(content, given),
  async models() {
    if (state === 'slowModels') await wait(60_000);
    return models;
  },
  tokens: async ({ text, model }) => ({
    tokens: Math.ceil(text.length / 4),
    costUsd: model.startsWith('openai') ? text.length * 1.2e-7 : null,
  }),
  async tryOnce({ streamId, content, values: given }) {
    const abort = new AbortController();
    tries.set(streamId, abort);
    const text = renderContent(content, given)
      .messages.map((message) => message.content)
      .join('\n');
    for (let at = 0; at < text.length; at += 6) {
      await wait(5);
      if (abort.signal.aborted) throw new VaultError('CANCELLED', 'Cancelled');
      window.harness.send('stream', { streamId, event: { type: 'text', text: text.slice(at, at + 6) } });
      if (state === 'endlessTry') at = 0;
    }
    return {
      text,
      latencyMs: 1240,
      firstTokenMs: 310,
      inputTokens: 214,
      outputTokens: 96,
      costUsd: 0.00025,
      finishReason: 'stop',
    };
  },
  cancelTry: async ({ streamId }) => tries.get(streamId)?.abort(),
  run: async () => undefined,
  openVersion: async () => undefined,
  setDirty: async () => undefined,
  async saveSamples(p) {
    samples = { ...p, more: 0 };
  },
  async samples() {
    const stored = samples;
    if (state === 'slowValues') await wait(500);
    return stored;
  },
  samplesFromFile: async () => [
    { id: '1', name: 'Lost card', values: { message: 'My card is lost', product: 'Acme' } },
    { id: '2', name: 'Fees', values: { message: 'Why this fee?', product: 'Acme' } },
  ],
  async label({ add, remove }) {
    const labels = [...version.labels.filter((one) => one !== remove), ...(add ? [add] : [])];
    version = { ...version, labels };
    window.harness.send('changed', stateNow());
  },
});

// For tests that play a second window.
Object.assign(window, { stored: stateNow });
