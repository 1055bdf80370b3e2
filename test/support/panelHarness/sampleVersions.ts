import type { ModelInfo } from '../../../src/models/types.ts';
import type { Stage, VersionInfo, VersionRecord } from '../../../src/vault/types.ts';

const day = 24 * 3600 * 1000;
const ago = (days: number) => new Date(Date.now() - days * day).toISOString();

const content = {
  messages: [
    {
      role: 'system' as const,
      content:
        'You are a support agent for {{product}}. Answer in a {{tone}} tone and name exactly one intent from the list.\n\nIf the message is about money that is missing, ask for {{order_number}} first.\nWrite JSON like {"intent": "card_arrival"} and nothing else.',
    },
    { role: 'user' as const, content: '{{message}}' },
  ],
  settings: { model: 'openai:gpt-5-mini', temperature: 0.2, maxTokens: 512, seed: 7 },
  variables: [
    { name: 'product' },
    { name: 'tone', default: 'friendly', description: 'How the answer should sound' },
    { name: 'message', description: 'What the customer wrote' },
    { name: 'locale', default: 'en' },
  ],
};

function record(version: string, stage: Stage, extra: Partial<VersionRecord>): VersionRecord {
  return {
    path: 'support/triage',
    title: 'Triage of support messages',
    description: 'Finds the one intent of a message, for routing.',
    version,
    stage,
    hash: `sha256:${version.replace('.', '').padEnd(64, '0')}`,
    revision: 3,
    tags: ['support', 'routing'],
    labels: [],
    rationale: 'Shorter, friendlier, and asks for the order number before anything else.',
    copiedFrom: null,
    rollbackOf: null,
    createdAt: ago(40),
    createdBy: 'Priya <priya@example.com>',
    updatedAt: ago(0.01),
    updatedBy: 'Priya <priya@example.com>',
    deployedAt: null,
    retiredAt: null,
    replacedBy: null,
    ...content,
    ...extra,
  };
}

export const records: VersionRecord[] = [
  record('2.4', 'DEV', { copiedFrom: '2.3', rationale: 'Try a shorter system message' }),
  record('2.3', 'TST', { copiedFrom: '2.2' }),
  record('2.2', 'PRD', { copiedFrom: '2.1', deployedAt: ago(3.2), rationale: 'Names exactly one intent' }),
  record('2.1', 'RET', {
    deployedAt: ago(17.5),
    retiredAt: ago(3.2),
    replacedBy: '2.2',
    rationale: 'First version for all channels',
  }),
];

export function infoOf({ messages: _, description: __, ...info }: VersionRecord): VersionInfo {
  return info;
}

export const models: ModelInfo[] = [
  {
    name: 'echo:echo',
    vendor: 'echo',
    ready: true,
    needs: null,
    price: { input: 0, output: 0, cached: null, source: 'builtin' },
  },
  {
    name: 'openai:gpt-5-mini',
    vendor: 'openai',
    ready: true,
    needs: null,
    price: { input: 0.25, output: 2, cached: 0.025, source: 'builtin' },
  },
  {
    name: 'anthropic:claude-sonnet-4-5',
    vendor: 'anthropic',
    ready: true,
    needs: null,
    price: { input: 3, output: 15, cached: 0.3, source: 'builtin' },
  },
  {
    name: 'google:gemini-2.5-flash',
    vendor: 'google',
    ready: false,
    needs: 'No key for Google',
    price: { input: 0.3, output: 2.5, cached: null, source: 'builtin' },
  },
  {
    name: 'compatible:llama3.2',
    vendor: 'compatible',
    ready: false,
    needs: 'No address for an OpenAI-compatible server',
    price: null,
  },
];
