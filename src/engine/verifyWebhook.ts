import { type SignatureCheck, verifyWebhook } from '../publish/webhookSignature.ts';

/** For receivers, here for doors: whether a webhook comes from who knows the secret, now, and unchanged. */
export const isOurWebhook = (check: SignatureCheck): boolean => verifyWebhook(check);
