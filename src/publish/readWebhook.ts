import type { OutgoingHttpHeaders } from 'node:http';
import { VaultError } from '../shared/errors.ts';
import { webhookActions } from '../vault/schema3Sql.ts';
import type { Reach } from './allowedAddress.ts';
import { nameOf, parseAddress, reachOf } from './endpoint.ts';
import { checkHeaders, checkTargetName } from './readTarget.ts';
import type { OutRequest } from './sendOnce.ts';
import { slackPayload } from './slackPayload.ts';
import type { Webhook, WebhookAction } from './types.ts';
import type { WebhookPayload } from './webhookPayload.ts';
import { signWebhook } from './webhookSignature.ts';

const usual: readonly WebhookAction[] = ['promoted.PRD', 'rolledBack', 'moved'];

/** A webhook that can be sent to. */
export type ReadyWebhook = {
  name: string;
  /** Without secrets; for Slack, whose whole path is one, the host alone. */
  address: string;
  reach: Reach;
  actions: readonly WebhookAction[];
  request(payload: WebhookPayload, at: Date): OutRequest;
};

/** Reads what a user set up. INVALID_INPUT with what is wrong, which never repeats a secret. */
export function readWebhook({ name, url, secret = '', format = 'json', headers = {}, ...more }: Webhook): ReadyWebhook {
  checkTargetName(name);
  if (more.problem) throw invalid(more.problem, 'problem');
  if (format !== 'json' && format !== 'slack') throw invalid('its format is json or slack', 'format');
  if (format === 'json' && secret.length < 16) {
    throw invalid('it needs a secret of at least 16 characters, with which receivers check that it is you', 'secret');
  }
  const actions = more.actions ?? usual;
  const unknown = actions.find((action) => !webhookActions.includes(action));
  if (unknown !== undefined) throw invalid(`there is no action ${unknown}: ${webhookActions.join(', ')}`, 'actions');
  const address = parseAddress(url.trim());
  const reach = reachOf(address, more.allowPrivate ? 'anywhere' : 'public');
  const general: OutgoingHttpHeaders = {};
  for (const [header, value] of Object.entries(headers)) general[header.toLowerCase()] = value;
  checkHeaders(general);
  return {
    ...{ name, reach, actions },
    address: format === 'slack' ? address.origin : nameOf(url),
    request(payload, at) {
      const body = JSON.stringify(format === 'slack' ? slackPayload(payload) : payload);
      const own: OutgoingHttpHeaders = {
        'user-agent': 'promptvault',
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': payload.id,
        'x-promptvault-delivery': payload.id,
        'x-promptvault-action': payload.action,
        ...(secret && { 'x-promptvault-signature': signWebhook(secret, body, at) }),
      };
      return { method: 'POST', url: address, headers: { ...general, ...own }, body };
    },
  };
}

const invalid = (why: string, field: string) =>
  new VaultError('INVALID_INPUT', `The webhook cannot be used: ${why}`, { field, why });
