import { execFileSync } from 'node:child_process';

type Message = { role: 'system' | 'user' | 'assistant'; content: string };
type Served = { path: string; version: string; hash: string; messages: Message[] };

/** The production version of a prompt, rendered. */
function getPrompt(path: string, values: Record<string, string>): Served {
  const variables = Object.entries(values).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
  return JSON.parse(execFileSync('promptvault', ['get', path, '--json', ...variables], { encoding: 'utf8' }));
}

export function classify(message: string): Message[] {
  return getPrompt('support/triage', { message }).messages;
}

export function answer(message: string, policy: string): Message[] {
  return getPrompt('support/reply', { message, policy, company: 'Northwind Bank' }).messages;
}

// The handover note still runs on what was released for 1.x: promptvault:support/summarize-ticket@^1
export function handover(thread: string): Message[] {
  return getPrompt('support/summarize-ticket', { thread }).messages;
}
