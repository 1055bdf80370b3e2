import { createHmac, timingSafeEqual } from 'node:crypto';

/** Older signatures than this, in seconds, are not believed, so that what was overheard cannot be sent again later. */
const toleranceSeconds = 300;

/** The value of `x-promptvault-signature`: `t=<unix seconds>,s=<hex>`, the HMAC-SHA256 over `t.rawBody`. */
export function signWebhook(secret: string, rawBody: string, at = new Date()): string {
  const t = Math.floor(at.getTime() / 1000);
  return `t=${t},s=${macOf(secret, t, rawBody).toString('hex')}`;
}

export type SignatureCheck = {
  secret: string;
  /** The value of `x-promptvault-signature`. */
  signature: string;
  /** The body byte for byte as it came, before anything parses it. */
  rawBody: string | Uint8Array;
  now?: Date;
};

/** For receivers: whether a webhook comes from who knows the secret, now, and unchanged. Compares in constant time. */
export function verifyWebhook({ secret, signature, rawBody, now = new Date() }: SignatureCheck): boolean {
  const [, t = '', s = ''] = /^t=(\d{1,15}),s=([0-9a-f]{64})$/.exec(signature.trim()) ?? [];
  if (s === '' || secret === '') return false;
  if (Math.abs(now.getTime() / 1000 - Number(t)) > toleranceSeconds) return false;
  return timingSafeEqual(macOf(secret, Number(t), rawBody), Buffer.from(s, 'hex'));
}

const macOf = (secret: string, t: number, rawBody: string | Uint8Array) =>
  createHmac('sha256', secret).update(`${t}.`).update(rawBody).digest();
