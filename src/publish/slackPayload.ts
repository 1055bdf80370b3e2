import type { WebhookPayload } from './webhookPayload.ts';

/** A text may be 3,000 letters in a section of Slack's. */
const longest = 2900;

const names: { readonly [letter: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** What Slack takes for text, and nothing for a mention, a link or a command; cut where it gets too long. */
function escaped(text: string, most = longest): string {
  let out = '';
  for (const letter of text) {
    const next = names[letter] ?? letter;
    if (out.length + next.length > most) return `${out}…`;
    out += next;
  }
  return out;
}
const line = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

const headlines: { readonly [action: string]: string } = {
  'promoted.TST': 'is in test',
  'promoted.PRD': 'is in production',
  rolledBack: 'was rolled back',
  retired: 'was retired',
  moved: 'was moved',
  test: 'This is a test',
};

/** A payload as Slack's incoming webhooks take it: a text for notifications and blocks for the channel. */
export function slackPayload({ action, prompt, reason, actor, diff }: WebhookPayload) {
  const version = prompt?.version ? ` v${prompt.version}` : '';
  const title = prompt ? `${prompt.path}${version} ${headlines[action] ?? action}` : (headlines[action] ?? action);
  const from = [
    prompt?.rollbackOf && `content of v${prompt.rollbackOf}`,
    prompt?.previous && `before: v${prompt.previous}`,
    prompt?.movedFrom && `from ${prompt.movedFrom}`,
    prompt?.replacedBy && `replaced by v${prompt.replacedBy}`,
  ].filter(Boolean);
  const facts = [from.length > 0 && from.join(', '), `by ${actor}`].filter(Boolean).join(' · ');
  const plain = (text: string) => ({ type: 'plain_text', text: escaped(line(text)), emoji: false });
  const code = diff && diff.text !== '' ? `\`\`\`${escaped(codeOf(diff.text))}\`\`\`` : null;
  const blocks = [
    { type: 'section', text: plain(title) },
    ...(reason ? [{ type: 'section', text: plain(`Reason: ${reason}`) }] : []),
    ...(code ? [{ type: 'section', text: { type: 'mrkdwn', text: code, verbatim: true } }] : []),
    { type: 'context', elements: [plain(facts)] },
  ];
  return { text: escaped(line(`${title}${reason ? `: ${reason}` : ''}`)), blocks };
}

/** A text that cannot end the block it stands in. */
const codeOf = (text: string) => text.replaceAll('```', '`\u200b`\u200b`');
