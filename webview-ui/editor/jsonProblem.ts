/** Where a text stops being JSON, as an offset in it, and what belongs there. */
export type JsonProblem = { offset: number; expected: string };

const string = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const space = /[ \t\r\n]*/y;

/** The first place where a text is no JSON; null when it is. The browser's own parser does not always say where. */
export function findJsonProblem(text: string): JsonProblem | null {
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const sign = (expected: string) => {
    take(space);
    if (text[at] !== expected) return false;
    at += 1;
    return true;
  };
  const wrong = (expected: string): never => {
    take(space);
    throw { offset: at, expected } satisfies JsonProblem;
  };
  const list = (close: string, item: () => void) => {
    if (sign(close)) return;
    for (;;) {
      item();
      if (sign(close)) return;
      if (!sign(',')) wrong(`"," or "${close}"`);
    }
  };
  const member = () => {
    take(space);
    if (!take(string)) wrong('a name in double quotes');
    if (!sign(':')) wrong('":"');
    value();
  };
  const value = () => {
    take(space);
    if (sign('{')) list('}', member);
    else if (sign('[')) list(']', value);
    else if (!take(string) && !take(scalar)) wrong('a value');
  };
  try {
    value();
    take(space);
    if (at < text.length) wrong('the end');
    return null;
  } catch (problem) {
    if (typeof (problem as JsonProblem).offset === 'number') return problem as JsonProblem;
    throw problem;
  }
}
