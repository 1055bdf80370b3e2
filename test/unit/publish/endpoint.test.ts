import assert from 'node:assert/strict';
import { checkedLookup, isAllowedAddress } from '../../../src/publish/allowedAddress.ts';
import { readEndpoint } from '../../../src/publish/endpoint.ts';

describe('readEndpoint', () => {
  it('puts the path where the address says, or behind it', () => {
    const href = (url: string) => readEndpoint(url).urlOf('support/triage').href;
    assert.equal(href('https://host/base'), 'https://host/base/support/triage');
    assert.equal(href('https://host/base/?key=1'), 'https://host/base/support/triage?key=1');
    assert.equal(href('https://host/p/{path}/current'), 'https://host/p/support/triage/current');
    assert.equal(href('https://host/p?name={path}'), 'https://host/p?name=support/triage');
  });

  it('names the endpoint without what may be secret, and still tells two apart', () => {
    const one = readEndpoint('https://host/base/?key=canary').name;
    assert.ok(one.startsWith('https://host/base?') && !one.includes('canary'));
    assert.notEqual(one, readEndpoint('https://host/base/?key=other').name);
    assert.equal(readEndpoint('https://host/{path}/x').name, 'https://host/{path}/x');
  });

  const refused = [
    ...['not an address', 'file:///etc/passwd', 'ftp://host/x', 'http://example.com/x', 'http://10.0.0.1/x'],
    ...['https://user:canary@host/x', 'https://{path}.example.com/', 'https://169.254.169.254/latest/meta-data'],
    ...[
      'https://2852039166/',
      'https://0xa9fea9fe/',
      'https://0251.0376.0251.0376/',
      'https://[::ffff:169.254.169.254]/',
    ],
    ...['https://[fe80::1]/', 'https://[fd00:ec2::254]/', 'https://[64:ff9b::a9fe:a9fe]/', 'https://0.0.0.0/'],
    ...['http://0.0.0.0/', 'https://100.100.100.200/', 'http://[::]/'],
  ];
  for (const url of refused) {
    it(`refuses ${url}`, () => {
      assert.throws(
        () => readEndpoint(url),
        (error: { code: string; message: string }) =>
          error.code === 'INVALID_INPUT' && !error.message.includes('canary'),
      );
    });
  }

  it('takes https anywhere else and http on this machine', () => {
    for (const url of [
      'https://example.com/',
      'https://10.1.2.3/x',
      'http://localhost:8080/',
      'http://[::1]/',
      'http://127.0.0.2/',
    ]) {
      assert.ok(readEndpoint(url).name, url);
    }
  });
});

describe('isAllowedAddress', () => {
  it('judges what a name resolves to', () => {
    assert.equal(isAllowedAddress('93.184.216.34', true), true);
    assert.equal(isAllowedAddress('93.184.216.34', false), false);
    assert.equal(isAllowedAddress('::ffff:127.0.0.1', false), true);
    assert.equal(isAllowedAddress('::ffff:a9fe:a9fe', true), false);
    assert.equal(isAllowedAddress('169.254.1.1', true), false);
    assert.equal(isAllowedAddress('no address', true), false);
  });
});

describe('checkedLookup', () => {
  function lookUp(name: string, { encrypted, all }: { encrypted: boolean; all: boolean }) {
    return new Promise((resolve, reject) => {
      checkedLookup(encrypted)(name, { all }, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }

  it('answers with what it checked, in both shapes a socket asks for', async () => {
    assert.equal(await lookUp('127.0.0.1', { encrypted: false, all: false }), '127.0.0.1');
    assert.deepEqual(await lookUp('127.0.0.1', { encrypted: false, all: true }), [{ address: '127.0.0.1', family: 4 }]);
  });

  it('fails for a name that turns out to be a forbidden address', async () => {
    await assert.rejects(lookUp('169.254.169.254', { encrypted: true, all: true }), { code: 'INVALID_INPUT' });
    await assert.rejects(lookUp('10.0.0.1', { encrypted: false, all: true }), { code: 'INVALID_INPUT' });
  });
});
