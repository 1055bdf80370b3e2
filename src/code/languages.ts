import type { CodeLanguage, FillRule, StringRule } from './languageTypes.ts';

// Sources of regular expressions without groups of their own. Of several rules that fit at a place the first counts.
const templateFill: FillRule = { open: '\\$\\{', close: '}' };
const bracesFill: FillRule = { open: '\\{', close: '}' };
const rubyFill: FillRule = { open: '#\\{', close: '}' };
const doubledBraces = '\\{\\{|\\}\\}';
const shellFills: FillRule[] = [
  { open: '\\$\\(', close: ')' },
  { open: '\\$\\{', close: '}' },
  { open: '\\$[A-Za-z_]\\w*|\\$[0-9@*#?$!-]', close: null },
];
const phpFills: FillRule[] = [
  { open: '\\{(?=\\$)', close: '}' },
  { open: '\\$\\{', close: '}' },
  { open: '\\$[A-Za-z_]\\w*(?:->[A-Za-z_]\\w*|\\[[^\\]\\n]{0,60}\\])?', close: null },
];
const mirrored: { readonly [open: string]: string } = { '(': ')', '[': ']', '{': '}', '<': '>' };
const closeOf = (opening: string) => mirrored[opening.at(-1)!] ?? opening.at(-1)!;
const heredocName = (opening: string) => /[A-Za-z_]\w*/.exec(opening)![0];
const ownLine = (name: string) => `^[ \\t]*${name}(?!\\w)`;

const quoted = (mark: '"' | "'", escapes: StringRule['escapes']): StringRule => ({
  open: mark,
  close: mark,
  escape: 'backslash',
  escapes,
  oneLine: true,
});
const anyLines = (rule: StringRule): StringRule => ({ ...rule, oneLine: false });
const slashComments = { lineComment: '//', blockComments: [['/\\*', '\\*/']] } as const;
const character = "'(?:\\\\[^\\n][^'\\n]{0,10}|[^'\\\\\\n]{1,2})'";

const script: CodeLanguage = {
  ...slashComments,
  strings: [
    quoted('"', 'script'),
    quoted("'", 'script'),
    { open: '`', close: '`', escape: 'backslash', escapes: 'script', fills: [templateFill] },
  ],
  // After these a slash begins a regular expression; after a name, a number or a bracket it divides.
  regexAfter:
    /(?:^|[(,=:[!&|?{};+\-*%<>~^]|(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|await|yield))\s*$/,
  joins: ['+'],
  keys: { names: ':', shorthand: true },
};

const noWordBefore = '(?<![A-Za-z0-9_])';
/** A prefix, before triple and before single marks. */
const pythonStrings = (prefix: string, about: Partial<StringRule>): StringRule[] =>
  ['(?:"""|\'\'\')', '["\']'].map((mark, index) => ({
    open: prefix + mark,
    close: (opening) => opening.replace(/^\w+/, ''),
    escape: 'backslash',
    escapes: 'python',
    oneLine: index === 1,
    ...about,
  }));
const formatted = { fills: [bracesFill], literal: doubledBraces };

const python: CodeLanguage = {
  lineComment: '#',
  strings: [
    ...pythonStrings('', {}),
    ...pythonStrings(`${noWordBefore}[fFtT]`, formatted),
    ...pythonStrings(`${noWordBefore}(?:[fFtT][rR]|[rR][fFtT])`, { ...formatted, escapes: 'none' }),
    ...pythonStrings(`${noWordBefore}(?:[bB][rR]?|[rR][bB])`, { bytes: true }),
    ...pythonStrings(`${noWordBefore}[rR]`, { escapes: 'none' }),
    ...pythonStrings(`${noWordBefore}[uU]`, {}),
  ],
  joins: ['', '+'],
  keys: { names: '=', shorthand: false },
};

const go: CodeLanguage = {
  ...slashComments,
  strings: [quoted('"', 'go'), { open: '`', close: '`', escapes: 'none' }],
  skip: character,
  joins: ['+'],
  keys: { names: null, shorthand: false },
};

const java: CodeLanguage = {
  ...slashComments,
  strings: [{ open: '"""', close: '"""', escape: 'backslash', escapes: 'java', margin: 'block' }, quoted('"', 'java')],
  skip: character,
  joins: ['+'],
  keys: { names: null, shorthand: false },
};

const rawMark = (opening: string) => opening.replace(/^\$+/, '');
const csharp: CodeLanguage = {
  ...slashComments,
  strings: [
    {
      open: '[$]{1,9}"{3,40}',
      close: rawMark,
      escapes: 'none',
      margin: 'closing',
      fills: (opening) => {
        const braces = opening.lastIndexOf('$') + 1;
        return [{ open: `\\{{${braces}}(?!\\{)`, close: '}'.repeat(braces) }];
      },
    },
    { open: '"{3,40}', close: rawMark, escapes: 'none', margin: 'closing' },
    {
      open: '(?:\\$@|@\\$)"',
      close: '"',
      escape: 'doubled',
      escapes: 'none',
      fills: [bracesFill],
      literal: doubledBraces,
    },
    { open: '@"', close: '"', escape: 'doubled', escapes: 'none' },
    { ...quoted('"', 'csharp'), open: '\\$"', fills: [bracesFill], literal: doubledBraces },
    quoted('"', 'csharp'),
  ],
  skip: character,
  joins: ['+'],
  keys: { names: '=', shorthand: true },
};

const ruby: CodeLanguage = {
  lineComment: '#',
  blockComments: [['^=begin\\b', '^=end\\b']],
  strings: [
    { open: "<<[~-]?'[A-Za-z_]\\w*'", close: heredocName, heredoc: ownLine, escapes: 'none', margin: 'squiggly' },
    {
      open: '<<(?:[~-]"?[A-Za-z_]\\w*"?|"[A-Za-z_]\\w*"|[A-Z_]\\w*)',
      close: heredocName,
      heredoc: ownLine,
      escape: 'backslash',
      escapes: 'ruby',
      fills: [rubyFill],
      margin: 'squiggly',
    },
    { open: '(?<![\\w)\\]}])%q[(\\[{<|!]', close: closeOf, escape: 'backslash', escapes: 'single' },
    { open: '(?<![\\w)\\]}])%[wWiIr][(\\[{<|!]', close: closeOf, escape: 'backslash', escapes: 'none', bytes: true },
    {
      open: '(?<![\\w)\\]}])%(?:Q[(\\[{<|!]|[(\\[{])',
      close: closeOf,
      escape: 'backslash',
      escapes: 'ruby',
      fills: [rubyFill],
    },
    {
      open: '(?<![\\w)\\]}])%x[(\\[{<|!]',
      close: closeOf,
      escape: 'backslash',
      escapes: 'ruby',
      fills: [rubyFill],
      runs: true,
    },
    { ...anyLines(quoted('"', 'ruby')), fills: [rubyFill] },
    anyLines(quoted("'", 'single')),
    { open: '`', close: '`', escape: 'backslash', escapes: 'ruby', fills: [rubyFill], runs: true },
  ],
  skip: `(?<![\\w)\\]}])\\?["'\`](?!\\w)|\\$["'\`]`,
  regexAfter: /(?:^|[(,=:[!&|?{};+\-*%<>~^]|(?:^|[^\w$.])(?:return|when|if|unless|and|or|not|while|until|then|in))\s*$/,
  bareCalls: true,
  joins: ['', '+'],
  keys: { names: ':', shorthand: false },
};

const php: CodeLanguage = {
  lineComment: '//|#(?!\\[)',
  blockComments: [['/\\*', '\\*/']],
  strings: [
    {
      open: "<<<[ \\t]*'[A-Za-z_]\\w*'\\r?\\n",
      close: (opening) => `^[ \\t]*${heredocName(opening)}(?!\\w)`,
      closePattern: true,
      escapes: 'none',
      margin: 'name',
    },
    {
      open: '<<<[ \\t]*(?:[A-Za-z_]\\w*|"[A-Za-z_]\\w*")\\r?\\n',
      close: (opening) => `^[ \\t]*${heredocName(opening)}(?!\\w)`,
      closePattern: true,
      escape: 'backslash',
      escapes: 'php',
      fills: phpFills,
      margin: 'name',
    },
    { ...anyLines(quoted('"', 'php')), fills: phpFills },
    anyLines(quoted("'", 'single')),
    { open: '`', close: '`', escape: 'backslash', escapes: 'php', fills: phpFills, runs: true },
  ],
  // Outside of its tags a PHP file is HTML.
  outside: { begins: '\\?>', ends: '<?' },
  joins: ['.'],
  keys: { names: null, shorthand: false },
};

const rust: CodeLanguage = {
  lineComment: '//',
  blockComments: [['/\\*', '\\*/']],
  nestedComments: true,
  strings: [
    { open: '(?<!\\w)br#{0,40}"', close: (opening) => `"${opening.slice(2, -1)}`, escapes: 'none', bytes: true },
    {
      open: '(?<!\\w)c?r#{0,40}"',
      close: (opening) => `"${'#'.repeat(opening.split('#').length - 1)}`,
      escapes: 'none',
    },
    { ...anyLines(quoted('"', 'rust')), open: '(?<!\\w)b"', bytes: true },
    anyLines(quoted('"', 'rust')),
  ],
  skip: "'(?:\\\\u\\{[^}\\n]{0,8}\\}|\\\\x..|\\\\[^\\n]|[^'\\\\\\n]{1,2})'",
  keys: { names: null, shorthand: false },
};

const shell: CodeLanguage = {
  lineComment: '(?<![^\\s;&|(])#',
  strings: [
    {
      open: '(?<!<)<<-?[ \\t]*(?:\'[A-Za-z_]\\w*\'|"[A-Za-z_]\\w*"|\\\\[A-Za-z_]\\w*)',
      close: heredocName,
      heredoc: ownLine,
      escapes: 'none',
    },
    {
      open: '(?<!<)<<-?[ \\t]*[A-Za-z_]\\w*',
      close: heredocName,
      heredoc: ownLine,
      escape: 'backslash',
      escapes: 'shell',
      fills: shellFills,
    },
    { open: "\\$'", close: "'", escape: 'backslash', escapes: 'ansi' },
    { open: '\\$?"', close: '"', escape: 'backslash', escapes: 'shell', fills: shellFills },
    { open: "'", close: "'", escapes: 'none' },
  ],
  skip: '\\\\[\\s\\S]',
  commands: 'words',
  keys: { names: null, shorthand: false },
};

const yamlValue = '(?<=(?:^|[:,\\[{-])[ \\t]{0,40})';
const yaml: CodeLanguage = {
  lineComment: '(?<!\\S)#',
  strings: [
    {
      open: '(?<=[:-] {1,4}(?:[!&][^\\s]{1,40} )?)[|>][-+0-9]{0,2}[ \\t]*(?=\\r?\\n| #)',
      close: '',
      block: true,
      escapes: 'none',
    },
    { open: `${yamlValue}"`, close: '"', escape: 'backslash', escapes: 'yaml', folds: true },
    { open: `${yamlValue}'`, close: "'", escape: 'doubled', escapes: 'none', folds: true },
  ],
  commands: 'lists',
  keys: { names: ':', shorthand: false },
};

const json: CodeLanguage = {
  ...slashComments,
  strings: [quoted('"', 'json')],
  commands: 'strings',
  keys: { names: null, shorthand: false },
};

/** How strings and comments look, by VS Code's ids of languages. */
export const languages: { readonly [languageId: string]: CodeLanguage } = {
  typescript: script,
  typescriptreact: script,
  javascript: script,
  javascriptreact: script,
  python,
  go,
  java,
  csharp,
  ruby,
  php,
  rust,
  shellscript: shell,
  yaml,
  dockercompose: yaml,
  json,
  jsonc: json,
};
