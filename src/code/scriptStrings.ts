import { type PartScanner, type ScannedPart, scanLineComment, scanQuoted } from './sourceStrings.ts';

// After these a slash begins a regular expression; after a name, a number or a bracket it divides.
const beforeRegex =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|await|yield))\s*$/;

/** A scanner for JavaScript and TypeScript, JSX included. Made for one text: it remembers open templates. */
export function createScriptScanner(): PartScanner {
  // One entry per open `${`: how many braces are open inside.
  const openBraces: number[] = [];
  let noRegexBefore = 0;

  return (text, at, before) => {
    const letter = text[at];
    const next = text[at + 1];
    if (letter === '"' || letter === "'") return scanQuoted(text, at);
    if (letter === '`') return template(text, at);
    if (letter === '/' && next === '/') return scanLineComment(text, at, 2);
    if (letter === '/' && next === '*') {
      const close = text.indexOf('*/', at + 2);
      const to = close < 0 ? text.length : close;
      return { kind: 'comment', from: at + 2, to, plain: true, end: close < 0 ? to : to + 2 };
    }
    if (letter === '/' && at >= noRegexBefore && beforeRegex.test(before.slice(-12))) return regex(text, at);
    const depth = openBraces.length - 1;
    if (depth >= 0 && letter === '{') openBraces[depth]! += 1;
    if (depth >= 0 && letter === '}') {
      if (openBraces[depth] === 0) {
        openBraces.pop();
        return { ...template(text, at), plain: false };
      }
      openBraces[depth]! -= 1;
    }
    return undefined;
  };

  /** A piece of a template: from its backtick, or from the brace that closes a substitution, to the next of either. */
  function template(text: string, at: number): ScannedPart {
    let plain = true;
    for (let end = at + 1; end < text.length; end += 1) {
      const letter = text[end];
      if (letter === '`') return { kind: 'string', from: at + 1, to: end, plain, end: end + 1 };
      if (letter === '\\') {
        plain = false;
        end += 1;
      } else if (letter === '$' && text[end + 1] === '{') {
        openBraces.push(0);
        return { kind: 'string', from: at + 1, to: end, plain: false, end: end + 2 };
      }
    }
    return { kind: 'string', from: at + 1, to: text.length, plain: false, end: text.length };
  }

  function regex(text: string, at: number): ScannedPart | undefined {
    let inClass = false;
    for (let end = at + 1; end < text.length && text[end] !== '\n'; end += 1) {
      const letter = text[end];
      if (letter === '\\') end += 1;
      else if (letter === '[') inClass = true;
      else if (letter === ']') inClass = false;
      else if (letter === '/' && !inClass) return { kind: 'other', from: at, to: end + 1, plain: false, end: end + 1 };
    }
    // It was a division or a closing tag; the rest of this line is not tried again.
    const newline = text.indexOf('\n', at);
    noRegexBefore = newline < 0 ? text.length : newline;
    return undefined;
  }
}
