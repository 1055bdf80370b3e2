import assert from 'node:assert/strict';
import { checkedLookup, isAllowedAddress, type Reach } from '../../../src/publish/allowedAddress.ts';
import { reachOf, readEndpoint } from '../../../src/publish/endpoint.ts';

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
    assert.equal(isAllowedAddress('93.184.216.34', 'anywhere'), true);
    assert.equal(isAllowedAddress('93.184.216.34', 'loopback'), false);
    assert.equal(isAllowedAddress('::ffff:127.0.0.1', 'loopback'), true);
    assert.equal(isAllowedAddress('::1', 'loopback'), true);
    assert.equal(isAllowedAddress('::ffff:a9fe:a9fe', 'anywhere'), false);
    assert.equal(isAllowedAddress('169.254.1.1', 'anywhere'), false);
    assert.equal(isAllowedAddress('no address', 'anywhere'), false);
  });

  const inside = [
    ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '127.0.0.1', '::1', 'fc00::1'],
    ...['fd12:3456::1', '::ffff:10.0.0.1', '::ffff:c0a8:101', '::ffff:127.0.0.1'],
  ];
  for (const address of inside) {
    it(`lets ${address} be reached where private networks are meant, and not from a webhook`, () => {
      assert.equal(isAllowedAddress(address, 'anywhere'), true);
      assert.equal(isAllowedAddress(address, 'public'), false);
    });
  }

  for (const address of [
    '::10.0.0.1',
    '2002:a00:1::',
    '64:ff9b::a00:1',
    '2001:0:a00:1::',
    '::ffff:0:a00:1',
    'fe80::1',
    '169.254.169.254',
  ]) {
    it(`lets nobody reach ${address}`, () => {
      for (const reach of ['loopback', 'anywhere', 'public'] as const) {
        assert.equal(isAllowedAddress(address, reach), false, reach);
      }
    });
  }

  it('lets public addresses be reached from everywhere with TLS', () => {
    for (const address of ['93.184.216.34', '172.32.0.1', '11.0.0.1', '2606:2800:220:1::1']) {
      assert.equal(isAllowedAddress(address, 'public'), true, address);
    }
  });
});

describe('reachOf', () => {
  it('keeps webhooks off private networks, spelled as they may be, and takes this machine by its name', () => {
    for (const url of [
      'https://10.1.2.3/x',
      'https://3232235777/',
      'https://0xa000001/',
      'https://[::ffff:10.0.0.1]/',
    ]) {
      assert.throws(() => reachOf(new URL(url), 'public'), { code: 'INVALID_INPUT' }, url);
      assert.equal(reachOf(new URL(url), 'anywhere'), 'anywhere');
    }
    assert.equal(reachOf(new URL('http://localhost:9000/'), 'public'), 'loopback');
    assert.equal(reachOf(new URL('https://localhost:9000/'), 'public'), 'anywhere');
    assert.equal(reachOf(new URL('https://example.com/'), 'public'), 'public');
    assert.equal(reachOf(new URL('https://127.example.com/'), 'public'), 'public');
    assert.throws(() => reachOf(new URL('http://127.example.com/'), 'public'), { code: 'INVALID_INPUT' });
  });
});

describe('checkedLookup', () => {
  function lookUp(name: string, { reach, all }: { reach: Reach; all: boolean }) {
    return new Promise((resolve, reject) => {
      checkedLookup(reach)(name, { all }, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }

  it('answers with what it checked, in both shapes a socket asks for', async () => {
    assert.equal(await lookUp('127.0.0.1', { reach: 'loopback', all: false }), '127.0.0.1');
    assert.deepEqual(await lookUp('127.0.0.1', { reach: 'loopback', all: true }), [
      { address: '127.0.0.1', family: 4 },
    ]);
  });

  it('fails for a name that turns out to be a forbidden address', async () => {
    await assert.rejects(lookUp('169.254.169.254', { reach: 'anywhere', all: true }), { code: 'INVALID_INPUT' });
    await assert.rejects(lookUp('10.0.0.1', { reach: 'loopback', all: true }), { code: 'INVALID_INPUT' });
  });

  it('fails for a public name that turns out to be this machine', async () => {
    await assert.rejects(lookUp('localhost', { reach: 'public', all: true }), { code: 'INVALID_INPUT' });
  });
});
