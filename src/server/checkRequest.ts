import type { IncomingMessage } from 'node:http';
import { refusal } from './problem.ts';

/** Who a browser may say it talks to, and from which pages: both exactly, with their ports. */
export type Allowed = { hosts: ReadonlySet<string>; origins: ReadonlySet<string> };

const methods: readonly (string | undefined)[] = ['GET', 'HEAD', 'POST', 'PUT'];
const longestTarget = 8192;
const plainTarget = /^\/[\w./~@^:,+=&?!$'()*;|<>-]*$/;

/**
 * Refuses what no client of ours sends: another method, a name that is not ours (DNS rebinding), a page of somebody else
 * (CSRF). No answer ever allows another origin to read it.
 */
export function checkRequest({ method, headers }: IncomingMessage, allowed: Allowed): void {
  const { host, origin } = headers;
  if (host === undefined || !allowed.hosts.has(host.toLowerCase())) {
    throw refusal(421, 'WRONG_HOST', 'The Host header names another server');
  }
  if (origin !== undefined && !allowed.origins.has(origin)) {
    throw refusal(403, 'FORBIDDEN', 'Pages of other origins get nothing from this server');
  }
  if (!methods.includes(method)) {
    throw refusal(405, 'METHOD_NOT_ALLOWED', `${method} is used nowhere here`, {
      headers: { allow: 'GET, HEAD, POST, PUT' },
    });
  }
}

/** 400 for an address that no prompt and no file of ours has. */
export function checkTarget({ url: target = '' }: IncomingMessage): void {
  if (target.length > longestTarget) throw crooked('is too long');
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (!path.startsWith('/') || path.startsWith('//')) throw crooked('must begin with one slash');
  const decoded = plainTarget.test(path) && !path.includes('.') ? path : decode(path);
  if (/[\p{Cc}\\]/u.test(decoded)) throw crooked('holds a control character or a backslash');
  if (decoded.split('/').some((part) => part === '.' || part === '..')) throw crooked('holds "." or ".." as a part');
  if (query >= 0 && target.includes('%', query)) decode(target.slice(query + 1));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw crooked('is not encoded as UTF-8 with %');
  }
}

const crooked = (why: string) => refusal(400, 'BAD_REQUEST', `The address ${why}`);
