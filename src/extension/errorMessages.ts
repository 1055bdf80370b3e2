import { type ErrorCode, toVaultError, type VaultError } from '../shared/errors.ts';
import type { CommandId } from './commandIds.ts';

export type ErrorAction = { title: string; command: CommandId; args: unknown[] };
/** `none` is for what the person did themselves. */
export type ErrorView = { level: 'none' | 'info' | 'warning' | 'error'; message: string; actions: ErrorAction[] };

const action = (title: string, command: CommandId, ...args: unknown[]): ErrorAction => ({ title, command, args });
const log = action('Show Log', 'promptvault.log.show');
const retry = action('Try Again', 'promptvault.vault.retry');
const restore = action('Restore Backup…', 'promptvault.vault.restore');
const examine = action('What Is Wrong', 'promptvault.vault.doctor');
const detail = (error: VaultError, key: string) => error.details[key];

type Row = {
  level: ErrorView['level'];
  actions?: (error: VaultError) => ErrorAction[];
  say?: (error: VaultError) => string;
};

const rows: Record<ErrorCode, Row> = {
  USAGE: { level: 'warning' },
  INVALID_PATH: { level: 'warning' },
  INVALID_INPUT: { level: 'warning' },
  BAD_FILE: { level: 'error' },
  FILE_NOT_FOUND: { level: 'error' },
  VARIABLES: { level: 'warning' },
  RULE: { level: 'info', actions: ruleActions },
  GATE: { level: 'warning', actions: gateActions },
  JUDGE: { level: 'error' },
  NOT_FOUND: { level: 'warning', actions: () => [action('Go to Prompt…', 'promptvault.prompts.goTo')] },
  EXISTS: { level: 'warning', actions: existsActions },
  CONFLICT: { level: 'warning', actions: conflictActions },
  READ_ONLY: { level: 'warning', actions: () => [log] },
  BUSY: { level: 'warning', actions: () => [retry] },
  DAMAGED: { level: 'error', actions: () => [restore, examine, log] },
  NEWER: { level: 'error' },
  FOREIGN: { level: 'error', actions: () => [restore, log] },
  KEY_MISSING: { level: 'warning', actions: keyActions },
  PROVIDER: { level: 'error', actions: providerActions },
  TRUNCATED: { level: 'error', actions: () => [log] },
  TIMEOUT: { level: 'error', actions: () => [log] },
  SYNC: { level: 'error', actions: () => [action('Set Sync Token', 'promptvault.sync.setToken'), log] },
  CANCELLED: { level: 'none' },
  ENGINE_GONE: { level: 'error', actions: () => [retry, log] },
  INTERNAL: { level: 'error', actions: () => [log], say: (error) => `Something went wrong: ${error.message}` },
};

function ruleActions(error: VaultError): ErrorAction[] {
  const ref = detail(error, 'ref');
  return detail(error, 'action') === 'edit' && typeof ref === 'string'
    ? [action('Create New Version', 'promptvault.version.create', ref)]
    : [];
}

/** Asking again tells the reasons and lets a person override them. */
function gateActions(error: VaultError): ErrorAction[] {
  const [ref, runId] = [detail(error, 'ref'), detail(error, 'runId')];
  return [
    ...(typeof ref === 'string' ? [action('Promote…', 'promptvault.version.promote', ref)] : []),
    ...(typeof runId === 'string' ? [action('Open Results', 'promptvault.run.open', runId)] : []),
  ];
}

function existsActions(error: VaultError): ErrorAction[] {
  const path = detail(error, 'path');
  return typeof path === 'string' ? [action('Open It', 'promptvault.prompt.open', path)] : [];
}

function conflictActions(error: VaultError): ErrorAction[] {
  const actual = detail(error, 'actual') as { path?: string; version?: string } | undefined;
  return actual?.path && actual.version
    ? [action('Open What Is Stored', 'promptvault.version.open', { path: actual.path, version: actual.version })]
    : [];
}

function keyActions(error: VaultError): ErrorAction[] {
  const vendor = detail(error, 'vendor');
  return [action('Set API Key', 'promptvault.models.setKey', ...(typeof vendor === 'string' ? [vendor] : []))];
}

function providerActions(error: VaultError): ErrorAction[] {
  const status = detail(error, 'status');
  return status === 401 || status === 403 ? [...keyActions(error), log] : [log];
}

/** What a person is shown for a thrown value, and what they can do about it. */
export function errorView(thrown: unknown): ErrorView {
  const error = toVaultError(thrown);
  const row = rows[error.code];
  return { level: row.level, message: row.say?.(error) ?? error.message, actions: row.actions?.(error) ?? [] };
}
