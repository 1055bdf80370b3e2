/** Where approved versions are pushed. `url` may hold `{path}`; without it the path is appended. */
export type SyncRequest = {
  url: string;
  token?: string;
  headers?: { [name: string]: string };
  force?: boolean;
  dryRun?: boolean;
};
export type SyncItem = {
  path: string;
  version: string;
  hash: string;
  status: 'sent' | 'unchanged' | 'failed';
  attempts: number;
  error: string | null;
};
export type SyncReport = { url: string; sent: number; unchanged: number; failed: number; items: SyncItem[] };
export type SyncProgress = { done: number; total: number; path: string };
