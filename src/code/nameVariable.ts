// Names that say little without what they belong to.
const general = /^(?:name|id|value|text|content|title|type|data|length|size|count|body|message|label|key|input)$/i;
const owners = /^(?:this|self|props|params|args|state|ctx|context|req|request|input|opts|options|cls)$/;
const verbs =
  /^(?:get|fetch|load|build|make|create|format|render|to|as|stringify|dumps?|encode|escape|join|str|repr|json)_?(?=[A-Z_]|$)/;

// What they are called on says more than what they are given.
const methods = /^(?:join|map|filter|slice|trim|strip|replace|split|substring|to[A-Z_]\w*|upper|lower)$/;

/** A name for the variable that takes the place of an expression; the same rules for all languages. */
export function nameVariable(expression: string): string {
  const simple = expression
    .slice(0, 300)
    .replace(/^(?:await|new|typeof|not|!)\s*/, '')
    // What gives another value where there is none.
    .replace(/\s*(?:\?\?|\|\||\bor\b|\?:).*$/s, '')
    .replace(/^\((.*)\)$/s, '$1')
    .trim();
  const chain = chainOf(simple);
  if (chain) return nameOf(chain);
  const called = /^([\w$.@?>:-]+?)\s*\((.*)\)$/s.exec(simple);
  if (called) {
    const names = called[1]!.split(/(?:[?&]?\.|->|::)/);
    const verb = names.at(-1)!;
    const owner =
      names.length > 1 ? chainOf(called[1]!.slice(0, called[1]!.lastIndexOf(verb)).replace(/[^\w]+$/, '')) : null;
    const argument = chainOf(called[2]!.split(',')[0]!.trim());
    if (owner && (methods.test(verb) || !argument)) return nameOf(owner);
    if (argument) return nameOf(argument);
    const rest = verb.replace(verbs, '');
    if (rest !== '') return identifier(rest);
  }
  const first = /[A-Za-z_]\w*/.exec(simple)?.[0];
  return first ? identifier(first) : 'value';
}

/** `user.name`, `$this->order->id`, `row["name"]`, `user.name.trim()`; null for anything else. */
function chainOf(text: string): string[] | null {
  const bare = text.replace(/(?:\??\.|->|&\.)\w+[!?]?\([^()]*\)$/, '').replace(/[!?]+$/, '');
  if (
    !/^[$@]*[A-Za-z_][\w$]*(?:(?:\?\.|!\.|&\.|\.|->|::)[$@]?[A-Za-z_][\w$]*|\[(?:["'][\w -]+["']|\d+|:\w+)\])*$/.test(
      bare,
    )
  ) {
    return null;
  }
  return [...bare.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name);
}

function nameOf(chain: readonly string[]): string {
  const names = chain.filter((name, index) => index === chain.length - 1 || !owners.test(name));
  const [owner, last] = [names.at(-2), names.at(-1)!];
  return identifier(owner && general.test(last) ? `${owner}_${last}` : last);
}

function identifier(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)|^$/, '_');
  return /^[A-Z][a-z]/.test(name) ? name[0]!.toLowerCase() + name.slice(1) : name;
}
