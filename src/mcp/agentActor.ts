/** `agent:<client> for <person>`. What a client calls itself may neither look like a person nor like the words between the two. */
export function agentActor(client: string, person: string): string {
  const plain = client
    .replace(/[^\w .-]+/g, '')
    .trim()
    .slice(0, 60)
    .split(/\s+/)
    .join(' ');
  const name = plain.replace(/ for(?= |$)/gi, '-for');
  return `agent:${name.trim() || 'unknown'} for ${person}`;
}
