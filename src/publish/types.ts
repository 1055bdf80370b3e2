import type { JsonObject } from '../shared/json.ts';
import type { webhookActions } from '../vault/schema3Sql.ts';

/** Where approved versions are pushed. `url` may hold `{path}`; without it the path is appended. */
export type SyncRequest = {
  url: string;
  token?: string;
  headers?: { [name: string]: string };
  force?: boolean;
  dryRun?: boolean;
};
/** `removed`: the target was told that production has nothing at this path any more; version and hash are what it had. */
export type SyncItem = {
  path: string;
  version: string;
  hash: string;
  status: 'sent' | 'unchanged' | 'failed' | 'removed';
  attempts: number;
  error: string | null;
  /** In a dry run: what would leave the machine. */
  request?: RequestPreview;
};
/** `url` is without secrets; `headers` say `…` for values that may be secret; `bytes` is the length of the body. */
export type RequestPreview = { method: string; url: string; headers: { [name: string]: string }; bytes: number };
export type SyncReport = {
  url: string;
  /** Nothing was sent: the counts and items say what would be. */
  dryRun: boolean;
  sent: number;
  unchanged: number;
  failed: number;
  removed: number;
  items: SyncItem[];
};
export type SyncProgress = { done: number; total: number; path: string };

/** Stores that are known by name: a table says how each wants to be asked. */
export const presetNames = ['etcd', 'consul', 'couchdb', 's3', 'cloudflare-kv'] as const;
export type PresetName = (typeof presetNames)[number];

/**
 * A request as a template. In `url` (from `/` on below the target's, or whole), header values and the texts of a JSON body stand
 * `{path}`, `{key}`, `{hash}`, `{version}`, `{value}` (the JSON that `get` answers) and `{text}` (its messages as a text); behind a
 * name `:base64` or `:component` (as one part of an address) say how it is spelled. `body` is `served`, which is `{value}`,
 * `text`, a JSON template, or absent.
 */
export type RequestTemplate = {
  method?: string;
  url?: string;
  headers?: { [name: string]: string };
  body?: 'served' | 'text' | JsonObject;
};

/** How what is stored is read back: the value is the whole answer, or stands at `at` of its JSON (`kvs.0.value`), perhaps in base64. */
export type ReadTemplate = RequestTemplate & { at?: string; base64?: boolean };

/**
 * What a user says of one target: never part of a vault or a workspace. Secrets are in `token`, `headers` and `s3`.
 * Without preset and `put` it is our own shape: PUT {url}/{path} with what `get` answers.
 */
export type SyncTarget = {
  /** 1 to 60 letters, digits, `.`, `_`, `-`: all that the vault knows of it. */
  name: string;
  url: string;
  preset?: PresetName;
  /** Becomes `Authorization: Bearer`, or what the preset's store wants. */
  token?: string;
  headers?: { [name: string]: string };
  /** What every key begins with: '' unless the preset says otherwise. */
  prefix?: string;
  /** What stands for `/` in `{key}`: `/` unless told. */
  separator?: string;
  put?: RequestTemplate;
  /** What tells that a path has nothing in production any more: DELETE of the same address unless told; `false` for nothing. */
  remove?: RequestTemplate | false;
  /** GET of the same address unless told. */
  read?: ReadTemplate;
  s3?: { region: string; accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Every promotion is delivered by itself, from the vaults named in `vaults`. */
  automatic?: boolean;
  /**
   * Files or folders of the vaults this is for, absolute or below `~/`; `*` is any. Needed where something is sent without
   * asking: a vault that came with a cloned repository sends nothing.
   */
  vaults?: string[];
  /** Why it cannot be used, found while its settings were read: a secret that is not there. */
  problem?: string;
};

export type WebhookAction = (typeof webhookActions)[number];
/** Who is told of what happens to prompts; `vaults` as of a target. */
export type Webhook = {
  name: string;
  url: string;
  /** Signs what is sent; needed but for `slack`. */
  secret?: string;
  format?: 'json' | 'slack';
  /** `promoted.PRD`, `rolledBack` and `moved` unless told. */
  actions?: WebhookAction[];
  headers?: { [name: string]: string };
  vaults?: string[];
  /** Also to addresses of private networks. */
  allowPrivate?: boolean;
  problem?: string;
};
/** All that a user has set up, with its secrets, asked for at each use and kept nowhere. */
export type PublishSettings = { targets: SyncTarget[]; webhooks: Webhook[] };

/** How a target stands. `address` is without secrets, null when nobody here has one: then nothing is delivered to it. */
export type TargetStatus = {
  name: string;
  kind: 'sync' | 'webhook';
  address: string | null;
  automatic: boolean;
  state: 'on' | 'off';
  /** Why it is off: a person said so, or too many deliveries failed; null when it is on. */
  stateReason: string | null;
  /** Why it cannot be used as it is set up; null when it can. */
  problem: string | null;
  pending: number;
  failed: number;
  /** ISO 8601 UTC. */
  lastDeliveredAt: string | null;
  lastError: string | null;
};
/** `dead` says nothing any more and is not sent. `path` '' means the whole vault. Times are ISO 8601 UTC. */
export type Delivery = {
  id: number;
  target: string;
  action: WebhookAction | 'sync' | 'test';
  path: string;
  version: string | null;
  /** The same for each attempt: the `idempotency-key`. */
  key: string;
  state: 'pending' | 'delivered' | 'failed' | 'dead';
  createdAt: string;
  doneAt: string | null;
  /** Not before this; null is now, or never again. */
  nextAt: string | null;
  error: string | null;
  /** Oldest first. `status` is null when there was no whole answer. */
  attempts: { attempt: number; at: string; status: number | null; error: string | null; ms: number }[];
};
/** What a target really has. `extra` is known only of stores that can be asked for all they have. */
export type PullReport = {
  name: string;
  url: string;
  same: number;
  missing: string[];
  different: { path: string; version: string; expected: string; found: string | null; why: string }[];
  extra: string[];
  failed: { path: string; error: string }[];
};

/** What the engine does with targets. Fails with NOT_FOUND for a name nobody here has set up, INVALID_INPUT for one that cannot be used. */
export type PublishingCalls = {
  /** Those set up here and those the vault knows, by name. */
  listTargets(): Promise<TargetStatus[]>;
  /** Brings a target to what production is, whatever waits in the outbox. BUSY while another engine delivers to it. */
  syncTarget(p: { name: string; dryRun?: boolean; force?: boolean }, signal?: AbortSignal): Promise<SyncReport>;
  /** Reads back what the target serves and compares hashes; changes nothing. */
  pullTarget(p: { name: string }, signal?: AbortSignal): Promise<PullReport>;
  /** Newest first, 100 unless told. `before`: the last id of the page before. */
  deliveries(p: { target: string; limit?: number; before?: number }): Promise<Delivery[]>;
  /** One attempt now, with the same key, also of what failed or was delivered. */
  redeliver(p: { id: number }, signal?: AbortSignal): Promise<Delivery>;
  setTarget(p: { name: string; state: 'on' | 'off' }): Promise<TargetStatus>;
  /** What the vault remembers of a name goes, its deliveries as well. It is remembered again once somebody who has it set up uses it. */
  forgetTarget(p: { name: string }): Promise<void>;
  /** Sends a test to a webhook; the answer says how it went. */
  testWebhook(p: { name: string }, signal?: AbortSignal): Promise<Delivery>;
  /** Delivers what is due to all automatic targets, or to one, and says how many deliveries went and how many still wait. */
  deliverDue(
    p: { name?: string },
    signal?: AbortSignal,
  ): Promise<{ delivered: number; failed: number; pending: number }>;
};
/** `onDidPublish`: deliveries or the state of a target changed; ask again. */
export type PublishChange = { target: string };
