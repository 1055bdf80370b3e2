import { type DefaultTreeAdapterMap, parse, parseFragment } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];
/** Told by the parser, but no fault in the answer of a model. */
const harmless = ['missing-doctype', 'non-conforming-doctype'];

/** Why a text is no HTML document or fragment; null when it is. It must hold an element, and nothing may be left open. */
export function htmlProblem(text: string): string | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('<') || !trimmed.endsWith('>')) return 'it does not begin and end with a tag';
  const errors: string[] = [];
  const options = {
    sourceCodeLocationInfo: true,
    onParseError: ({ code, startLine }: { code: string; startLine: number }) => {
      if (!harmless.includes(code)) errors.push(`line ${startLine}: ${code.replaceAll('-', ' ')}`);
    },
  };
  const whole = /^(<!--[\s\S]*?-->\s*)*<(!doctype|html)\b/i.test(trimmed);
  const root = whole ? parse(trimmed, options) : parseFragment(trimmed, options);
  if (errors.length > 0) return errors[0] ?? null;
  const { elements, open, unknown } = survey(root);
  if (elements === 0) return 'it has no element';
  if (unknown) return `<${unknown}> is no element of HTML`;
  return open ? `<${open}> is not closed` : null;
}

/** Elements that HTML closes by itself where the end tag is left out. */
const closesItself =
  /^(html|head|body|p|li|dt|dd|rt|rp|option|optgroup|tr|td|th|thead|tbody|tfoot|colgroup|area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;

function survey(root: Node): { elements: number; open: string | null; unknown: string | null } {
  const result = { elements: 0, open: null as string | null, unknown: null as string | null };
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('childNodes' in node) waiting.push(...node.childNodes);
    if ('content' in node) waiting.push(node.content);
    if (!('tagName' in node) || !node.sourceCodeLocation) continue;
    const { tagName, namespaceURI, sourceCodeLocation } = node;
    result.elements += 1;
    if (!namespaceURI.endsWith('/xhtml')) continue;
    if (!known.has(tagName) && !/^[a-z][a-z0-9]*-/.test(tagName)) result.unknown ??= tagName;
    if (!sourceCodeLocation.endTag && !closesItself.test(tagName)) result.open ??= tagName;
  }
  return result;
}

/** The elements of the HTML standard, obsolete ones that are still understood included. */
const known = new Set(
  `a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption center cite
  code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer
  form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map
  mark marquee menu meta meter nav nobr noframes noscript object ol optgroup option output p param picture pre progress q
  rp rt ruby s samp script search section select slot small source span strike strong style sub summary sup table tbody td
  template textarea tfoot th thead time title tr track tt u ul var video wbr`.split(/\s+/),
);
