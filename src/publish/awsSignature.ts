import { createHash, createHmac } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { OutRequest } from './sendOnce.ts';

export type AwsKeys = { region: string; accessKeyId: string; secretAccessKey: string; sessionToken?: string };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
/** As AWS spells it: more letters than encodeURIComponent. */
const spell = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The headers of a request with those that AWS Signature Version 4 adds (`x-amz-date`, `x-amz-content-sha256`,
 * `authorization`), for S3 and what speaks its language. All headers given are signed.
 */
export function signAws(
  { method, url, headers, body = '' }: OutRequest,
  { region, accessKeyId, secretAccessKey, sessionToken }: AwsKeys,
  now = new Date(),
): OutgoingHttpHeaders {
  const time = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const sent: { [name: string]: string } = { host: url.host };
  for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = String(value).trim();
  sent['x-amz-content-sha256'] = sha256(body);
  sent['x-amz-date'] = time;
  if (sessionToken) sent['x-amz-security-token'] = sessionToken;
  const names = Object.keys(sent).sort();
  const query = [...url.searchParams]
    .map(([name, value]) => `${spell(name)}=${spell(value)}`)
    .sort()
    .join('&');
  const path = url.pathname
    .split('/')
    .map((part) => spell(decodeURIComponent(part)))
    .join('/');
  const canonical = [
    ...[method, path, query],
    ...names.map((name) => `${name}:${sent[name]?.replaceAll(/ +/g, ' ')}`),
    ...['', names.join(';'), sent['x-amz-content-sha256']],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), 's3'), 'aws4_request');
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { ...sent, authorization };
}
