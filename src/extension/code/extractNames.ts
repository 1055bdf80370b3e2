import type { Role } from '../../vault/types.ts';

/** The role that code says beside a message's text (`role: "system", content: …`); a text alone is the user's. */
export function roleAt(before: string): Role {
  const near = before.slice(-200);
  const said = /role["'`\]]*\s*(?::|=>|=)\s*["'`](system|user|assistant)["'`][^{}[\]]{0,80}$/.exec(near);
  return (said?.[1] as Role | undefined) ?? 'user';
}

/** A path for the text of a variable or property: by its own name, in a folder of the file's name. */
export function suggestedPath(before: string, file: string): string {
  const name = /([A-Za-z_$][\w$]*)["'`\]]*\s*(?::[^:=\n,"'`]{0,60})?(?:=>|:|=)\s*\(?\s*$/.exec(before.slice(-200))?.[1];
  const base = file.slice(file.lastIndexOf('/') + 1).replace(/\..*$/, '');
  // Every message has a content: its role says more.
  const own = name && !/^(?:content|text|value)$/i.test(name) ? name : undefined;
  return [base, own ?? (name ? roleAt(before) : 'prompt')].map(asSegment).join('/');
}

/** "SYSTEM_PROMPT" and "systemPrompt" as "system-prompt". */
function asSegment(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').replaceAll(/[^A-Za-z0-9]+/g, '-');
  return words.toLowerCase().replaceAll(/^-+|-+$/g, '') || 'prompt';
}
