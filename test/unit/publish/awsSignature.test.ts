import assert from 'node:assert/strict';
import { signAws } from '../../../src/publish/awsSignature.ts';

/** Examples that AWS publishes with their signatures ("Authenticating Requests: Using the Authorization Header"). */
const keys = {
  region: 'us-east-1',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const at = new Date('2013-05-24T00:00:00Z');
const bucket = 'https://examplebucket.s3.amazonaws.com';
const examples = [
  {
    what: 'an object with a range',
    request: { method: 'GET', url: `${bucket}/test.txt`, headers: { range: 'bytes=0-9' } },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    what: 'putting an object',
    request: {
      method: 'PUT',
      url: `${bucket}/test$file.text`,
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      body: 'Welcome to Amazon S3.',
    },
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    what: 'the lifecycle of a bucket',
    request: { method: 'GET', url: `${bucket}/?lifecycle`, headers: {} },
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    what: 'a list of objects',
    request: { method: 'GET', url: `${bucket}/?max-keys=2&prefix=J`, headers: {} },
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
];

describe('signAws', () => {
  for (const { what, request, signature } of examples) {
    it(`signs a request for ${what} as AWS does`, () => {
      const { authorization } = signAws({ ...request, url: new URL(request.url) }, keys, at);
      assert.equal(String(authorization).split('Signature=')[1], signature);
    });
  }

  it('signs a session token as well, and shows no secret key', () => {
    const request = { method: 'GET', url: new URL(`${bucket}/a`), headers: {} };
    const headers = signAws(request, { ...keys, sessionToken: 'session' }, at);
    assert.equal(headers['x-amz-security-token'], 'session');
    assert.ok(String(headers.authorization).includes('x-amz-security-token'));
    assert.ok(!JSON.stringify(headers).includes(keys.secretAccessKey));
  });
});
