import assert from 'node:assert/strict';
import { endpointOf } from '../../../src/models/endpoint.ts';
import { connectionFromEnvironment } from '../../../src/models/environment.ts';
import { redact } from '../../../src/models/failures.ts';
import { parseModelName } from '../../../src/models/modelNames.ts';
import { loadProvider } from '../../../src/models/providers.ts';
import { type Vendor, vendors } from '../../../src/models/types.ts';
import { codeOf, type VaultError } from '../../../src/shared/errors.ts';

describe('a model name', () => {
  it('is split at its first colon', () => {
    assert.deepEqual(parseModelName('openai:gpt-5-mini'), { vendor: 'openai', model: 'gpt-5-mini' });
    assert.deepEqual(parseModelName('compatible:llama3:8b'), { vendor: 'compatible', model: 'llama3:8b' });
    assert.deepEqual(parseModelName(' vscode : copilot/gpt '), { vendor: 'vscode', model: 'copilot/gpt' });
  });

  for (const name of ['', 'gpt-5', 'gpt:', ':gpt', 'openai:', 'nobody:gpt', 'OpenAI:gpt']) {
    it(`is not "${name}"`, () => {
      const isInvalid = (error: VaultError) => error.code === 'INVALID_INPUT' && Array.isArray(error.details.vendors);
      assert.throws(() => parseModelName(name), isInvalid);
    });
  }
});

describe('connections from the environment', () => {
  const env = {
    OPENAI_API_KEY: ' k1 ',
    OPENAI_BASE_URL: 'http://localhost:1',
    ANTHROPIC_API_KEY: 'k2',
    ANTHROPIC_BASE_URL: '',
    GEMINI_API_KEY: 'k3',
    GEMINI_BASE_URL: 'http://localhost:3',
    PROMPTVAULT_COMPATIBLE_URL: 'http://localhost:4',
  };

  it('reads key and address of each vendor', () => {
    assert.deepEqual(
      vendors.map((vendor) => connectionFromEnvironment(vendor, env)),
      [
        { apiKey: 'k1', baseUrl: 'http://localhost:1' },
        { apiKey: 'k2', baseUrl: undefined },
        { apiKey: 'k3', baseUrl: 'http://localhost:3' },
        { apiKey: undefined, baseUrl: 'http://localhost:4' },
        { apiKey: undefined, baseUrl: undefined },
        { apiKey: undefined, baseUrl: undefined },
      ],
    );
  });

  const needed: [Vendor, string][] = [
    ['openai', 'OPENAI_API_KEY'],
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['google', 'GEMINI_API_KEY'],
    ['compatible', 'PROMPTVAULT_COMPATIBLE_URL'],
  ];
  for (const [vendor, variable] of needed) {
    it(`names ${variable} when it is missing`, () => {
      const names = (error: VaultError) => error.code === 'KEY_MISSING' && error.details.variable === variable;
      assert.throws(() => connectionFromEnvironment(vendor, { [variable]: '  ' }), names);
    });

    it(`calls no ${vendor} without ${variable}`, async () => {
      const provider = await loadProvider(vendor);
      const events = provider.stream({ model: 'm', messages: [], settings: {} }, {}, new AbortController().signal);
      await assert.rejects(
        async () => {
          for await (const event of events) assert.fail(JSON.stringify(event));
        },
        (error) => codeOf(error) === 'KEY_MISSING',
      );
    });
  }
});

describe('an address', () => {
  const cases: [Vendor, string | undefined, string, string][] = [
    ['openai', undefined, 'v1', 'https://api.openai.com/v1'],
    ['openai', 'http://localhost:11434', 'v1', 'http://localhost:11434/v1'],
    ['openai', 'http://localhost:11434/', 'v1', 'http://localhost:11434/v1'],
    ['compatible', 'http://localhost:11434/v1/', 'v1', 'http://localhost:11434/v1'],
    ['compatible', 'http://localhost:11434/v1/chat/completions', 'v1', 'http://localhost:11434/v1'],
    ['compatible', 'https://openrouter.ai/api', 'v1', 'https://openrouter.ai/api/v1'],
    ['compatible', 'https://host/v1beta/openai/', 'v1', 'https://host/v1beta/openai'],
    ['compatible', 'https://host/api/v4', 'v1', 'https://host/api/v4'],
    ['google', undefined, 'v1beta', 'https://generativelanguage.googleapis.com/v1beta'],
    ['google', 'https://proxy/gemini/v1', 'v1beta', 'https://proxy/gemini/v1'],
  ];
  for (const [vendor, given, version, expected] of cases) {
    it(`${given ?? 'by default'} becomes ${expected}`, () => {
      const endpoint = endpointOf(vendor, { baseUrl: given }, version);
      assert.equal(endpoint.versioned, expected);
      assert.ok(expected.startsWith(endpoint.root));
    });
  }

  for (const bad of [
    'localhost:11434',
    'file:///etc/passwd',
    'ftp://host',
    'https://me:secret-word@host',
    'nonsense',
  ]) {
    it(`${bad.slice(0, 12)}… is refused without repeating it`, () => {
      const isRefused = (error: VaultError) => error.code === 'INVALID_INPUT' && !error.message.includes('secret-word');
      assert.throws(() => endpointOf('compatible', { baseUrl: bad }, 'v1'), isRefused);
    });
  }
});

describe('redaction', () => {
  it('takes out the key, also encoded, and what looks like one', () => {
    const apiKey = 'a+b/c=secret';
    const text = `${apiKey} ${encodeURIComponent(apiKey)} sk-proj-0123456789abcdef AIzaSyA0123456789abcd`;
    assert.equal(redact(text, { apiKey }), '[key] [key] [key] [key]');
  });

  it('leaves ordinary words', () => {
    assert.equal(redact('the task-list is in skeleton-form', { apiKey: 'x' }), 'the task-list is in skeleton-form');
  });
});
