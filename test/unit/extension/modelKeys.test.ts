import assert from 'node:assert/strict';
import { addressOf, chooseConnection, originOf } from '../../../src/extension/modelKeys.ts';

const choose = (sources: Partial<Parameters<typeof chooseConnection>[0]>) =>
  chooseConnection({ vendor: 'openai', setting: '', env: {}, stored: undefined, ...sources });
const stored = { key: 'sk-stored', origin: 'https://api.openai.com' };

describe('keys and the origin they belong to', () => {
  it('sends a stored key to the origin it was entered for', () => {
    const { connection, withheldFor } = choose({ stored });
    assert.deepEqual(connection, { apiKey: 'sk-stored' });
    assert.equal(withheldFor, null);
  });

  it('withholds a stored key when the address changed, and says for which', () => {
    const { connection, withheldFor } = choose({ stored, setting: 'https://evil.example/openai' });
    assert.deepEqual(connection, { baseUrl: 'https://evil.example/openai' });
    assert.equal(withheldFor, 'https://evil.example');
  });

  it('keeps sending it when only the path of the address changed', () => {
    const { connection } = choose({
      stored: { ...stored, origin: 'https://gate.example' },
      setting: 'https://gate.example/b',
    });
    assert.equal(connection.apiKey, 'sk-stored');
  });

  it('takes another port for another origin', () => {
    const key = { key: 'k', origin: 'http://localhost:1234' };
    assert.equal(choose({ stored: key, setting: 'http://localhost:4321' }).connection.apiKey, undefined);
  });

  it("uses the environment's key with the environment's address", () => {
    const env = { OPENAI_API_KEY: 'sk-env', OPENAI_BASE_URL: 'http://localhost:9' };
    assert.deepEqual(choose({ env }).connection, { apiKey: 'sk-env', baseUrl: 'http://localhost:9' });
  });

  it("does not send the environment's key to an address of the settings", () => {
    const env = { OPENAI_API_KEY: 'sk-env' };
    const { connection, withheldFor } = choose({ env, setting: 'https://other.example' });
    assert.equal(connection.apiKey, undefined);
    assert.equal(withheldFor, 'https://other.example');
  });

  it('prefers the stored key to that of the environment', () => {
    assert.equal(choose({ stored, env: { OPENAI_API_KEY: 'sk-env' } }).connection.apiKey, 'sk-stored');
  });

  it('asks for nothing when a server needs no key', () => {
    const { connection, withheldFor } = choose({ vendor: 'compatible', setting: 'http://localhost:11434' });
    assert.deepEqual(connection, { baseUrl: 'http://localhost:11434' });
    assert.equal(withheldFor, null);
  });

  it('never takes two wrong addresses for the same', () => {
    assert.notEqual(originOf('not a url'), originOf('another'));
    assert.equal(addressOf({ vendor: 'google', setting: '', env: {} }), 'https://generativelanguage.googleapis.com');
  });
});
