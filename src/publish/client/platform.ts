import { ClientError } from './clientTypes.ts';

type Modules = {
  'node:crypto': typeof import('node:crypto');
  'node:http': typeof import('node:http');
  'node:fs/promises': typeof import('node:fs/promises');
  'node:path': typeof import('node:path');
  'node:child_process': typeof import('node:child_process');
};

/**
 * A module of Node where there is one (Node, Deno and Bun), else undefined. It is asked of the running process, so that
 * bundlers for the edge find no import they would have to resolve.
 */
export function findNodeModule<Name extends keyof Modules>(name: Name): Modules[Name] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.(name) as Modules[Name] | undefined;
}

/** Throws UNSUPPORTED where there is none; `what` needs it. */
export function nodeModule<Name extends keyof Modules>(name: Name, what: string): Modules[Name] {
  const found = findNodeModule(name);
  if (found) return found;
  throw new ClientError('UNSUPPORTED', `${what} needs Node.js 22.3, Deno 2.1 or Bun, or newer`, { module: name });
}

let nodeCrypto: ReturnType<typeof findNodeModule<'node:crypto'>> | null = null;

/** In hexadecimal, at once where Node computes it. Throws UNSUPPORTED where nothing does, such as a page without TLS. */
export function sha256(text: string): string | Promise<string> {
  if (nodeCrypto === null) nodeCrypto = findNodeModule('node:crypto');
  if (nodeCrypto?.hash) return nodeCrypto.hash('sha256', text);
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) throw new ClientError('UNSUPPORTED', 'This runtime has no SHA-256, which every prompt is checked with');
  return subtle.digest('SHA-256', new TextEncoder().encode(text)).then(hexadecimal);
}

function hexadecimal(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
