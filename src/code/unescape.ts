import type { EscapeName } from './languageTypes.ts';

type Escapes = {
  /** What single letters behind a backslash stand for. */
  letters: { readonly [letter: string]: string };
  /** Least and most digits of `\x`, most of an octal number. */
  hex?: readonly [number, number];
  octal?: number;
  /** Which of `\uXXXX`, `\u{…}`, `\UXXXXXXXX` there are. */
  unicode?: 'u' | 'u{' | 'u U' | 'u u{' | 'u{}';
  /** What becomes of the backslash before any other letter. */
  others: 'keep' | 'drop';
  /** A backslash at the end of a line takes it away, maybe with the next line's indentation. */
  lines?: 'join' | 'joinTrimmed';
  /** The closing mark can be escaped. */
  mark?: true;
};

const letters = (names: string): { [letter: string]: string } => {
  const all: { [letter: string]: string } = {
    a: '\x07',
    b: '\b',
    e: '\x1b',
    E: '\x1b',
    f: '\f',
    n: '\n',
    r: '\r',
    s: ' ',
    t: '\t',
    v: '\v',
    '0': '\0',
  };
  return Object.fromEntries([...names].map((letter) => [letter, all[letter] ?? letter]));
};

const yamlLetters = { N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029' };

const tables: { readonly [Name in Exclude<EscapeName, 'none'>]: Escapes } = {
  script: { letters: letters('bfnrtv0'), hex: [2, 2], unicode: 'u u{', others: 'drop', lines: 'join' },
  python: { letters: letters('abfnrtv\\\'"'), hex: [2, 2], octal: 3, unicode: 'u U', others: 'keep', lines: 'join' },
  go: { letters: letters('abfnrtv\\\'"'), hex: [2, 2], octal: 3, unicode: 'u U', others: 'keep' },
  java: { letters: letters('bfnrst\\\'"'), octal: 3, unicode: 'u', others: 'keep', lines: 'join' },
  csharp: { letters: letters('abefnrtv0\\\'"'), hex: [1, 4], unicode: 'u U', others: 'keep' },
  ruby: { letters: letters('abefnrstv'), hex: [1, 2], octal: 3, unicode: 'u u{', others: 'drop', lines: 'join' },
  php: { letters: letters('efnrtv\\$'), hex: [1, 2], octal: 3, unicode: 'u{}', others: 'keep', mark: true },
  single: { letters: letters('\\'), others: 'keep', mark: true },
  rust: { letters: letters('nrt0\\\'"'), hex: [2, 2], unicode: 'u{}', others: 'keep', lines: 'joinTrimmed' },
  shell: { letters: letters('\\$`'), others: 'keep', lines: 'join', mark: true },
  ansi: { letters: letters('abeEfnrtv\\\'"?'), hex: [1, 2], octal: 3, unicode: 'u U', others: 'keep' },
  yaml: { letters: { ...letters('0abtnvfre "/\\'), ...yamlLetters }, hex: [2, 2], unicode: 'u U', others: 'keep' },
  json: { letters: letters('bfnrt\\/"'), unicode: 'u', others: 'keep' },
};

const escapes =
  /\\(?:(\r?\n)([ \t]*)|u\{([0-9A-Fa-f ]{1,40})\}|u+([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{1,4})|([0-7]{1,3})|([\s\S]))/g;

/** The text that stands in a literal, as its language reads it. `marks` are what closes the literal. */
export function unescapeText(text: string, name: EscapeName, marks: string): string {
  if (name === 'none' || !text.includes('\\')) return text;
  const table = tables[name];
  return text.replace(
    escapes,
    (whole, line?: string, indent = '', braced?: string, ...rest: (string | undefined)[]) => {
      const [four, eight, hex, octal, letter] = rest;
      if (line !== undefined) return table.lines ? (table.lines === 'join' ? indent : '') : whole;
      if (braced !== undefined) return /u[{]/.test(table.unicode ?? '') ? points(braced, whole) : other(table, whole);
      if (four !== undefined) return /^u(?!\{)/.test(table.unicode ?? '') ? points(four, whole) : other(table, whole);
      if (eight !== undefined) return table.unicode === 'u U' ? points(eight, whole) : other(table, whole);
      if (hex !== undefined) {
        const [least, most] = table.hex ?? [9, 9];
        if (hex.length < least) return other(table, whole);
        return points(hex.slice(0, most), whole) + hex.slice(most);
      }
      if (octal !== undefined) return octalText(table, octal, whole);
      const known = Object.hasOwn(table.letters, letter!) ? table.letters[letter!]! : null;
      if (known !== null) return known;
      return table.mark && marks.includes(letter!) ? letter! : other(table, whole);
    },
  );
}

function octalText(table: Escapes, digits: string, whole: string): string {
  if (table.octal) return points(Number.parseInt(digits, 8).toString(16), whole);
  const first = digits[0]!;
  return (Object.hasOwn(table.letters, first) ? table.letters[first]! : other(table, `\\${first}`)) + digits.slice(1);
}

function other({ others }: Escapes, whole: string): string {
  return others === 'keep' ? whole : whole.slice(1);
}

function points(hex: string, whole: string): string {
  const codes = hex
    .trim()
    .split(/ +/)
    .map((digits) => Number.parseInt(digits, 16));
  return codes.every((code) => code <= 0x10ffff) ? String.fromCodePoint(...codes) : whole;
}
