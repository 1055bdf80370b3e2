/** Where doors find it: they know rooms by their types alone. */
export { verifyWebhook } from '../publish/webhookSignature.ts';
