// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test are source code
import assert from 'node:assert/strict';
import { Script } from 'node:vm';
import { parse } from 'yaml';
import { extractLiteral } from '../../../src/code/extractLiteral.ts';
import { fetchExpression, fetchLanguages } from '../../../src/code/fetch/fetchExpression.ts';
import { missingHelper } from '../../../src/code/fetch/fetchHelper.ts';
import { findReferences, referenceLanguages } from '../../../src/code/findReferences.ts';

/** The source text with the literal at its `§` extracted to the prompt `a/b`; null where that cannot be. */
function extracted(source: string, language: string): string | null {
  const text = source.replace('§', '');
  const literal = extractLiteral(text, language, source.indexOf('§'));
  if (!literal) return null;
  const { range, around, constant, variables } = literal;
  const fetch = fetchExpression(language, { path: 'a/b', values: variables });
  const replaced = text.slice(0, range.start) + around[0] + fetch + around[1] + text.slice(range.end);
  return constant ? replaced.slice(0, constant.start) + constant.text + replaced.slice(constant.end) : replaced;
}

const cases: readonly [language: string, source: string, expected: string][] = [
  ['typescript', 'f(`Sort §${m}`);', "f((await getPrompt('a/b', { m })).messages[0].content);"],
  ['typescriptreact', '<p t="§Sort it" />', "<p t={(await getPrompt('a/b')).messages[0].content} />"],
  ['javascript', 'return`§Sort it`', "return(await getPrompt('a/b')).messages[0].content"],
  ['javascriptreact', "f('§Sort it')", "f((await getPrompt('a/b')).messages[0].content)"],
  ['python', 'f(f"Sort §{m}")', 'f(get_prompt("a/b", {"m": m})["messages"][0]["content"])'],
  ['ruby', 'f("Sort §#{m}")', 'f(get_prompt("a/b", { "m" => m })["messages"][0]["content"])'],
  [
    'ruby',
    'f(format("Sort §%s %d%%", m, n))',
    'f(get_prompt("a/b", { "m" => m, "n" => format("%d", n) })["messages"][0]["content"])',
  ],
  ['php', '<?php f("Sort §$m");', "<?php f(getPrompt('a/b', ['m' => $m])['messages'][0]['content']);"],
  [
    'php',
    "<?php f(sprintf('§%2$s %1$d', $n, $m));",
    "<?php f(getPrompt('a/b', ['m' => $m, 'n' => sprintf('%d', $n)])['messages'][0]['content']);",
  ],
  ['go', 'f("§Sort it")', 'f(getPromptText("a/b", nil))'],
  ['go', 'x := "§Sort " + m + " now"', 'x := getPromptText("a/b", map[string]string{"m": m})'],
  [
    'go',
    'fmt.Sprintf("§%v %s %[1]v 5%%", m, n)',
    'getPromptText("a/b", map[string]string{"m": fmt.Sprint(m), "n": fmt.Sprintf("%s", n)})',
  ],
  ['go', 'const p = `§Sort it`', 'var p = getPromptText("a/b", nil)'],
  ['go', 'const p string = "§Sort it"', 'var p string = getPromptText("a/b", nil)'],
  ['java', 'f("§Sort it");', 'f(PromptVault.getPromptText("a/b", java.util.Map.of()));'],
  [
    'java',
    'f("§Sort " + m + ".");',
    'f(PromptVault.getPromptText("a/b", java.util.Map.ofEntries(java.util.Map.entry("m", String.valueOf(m)))));',
  ],
  [
    'java',
    'f(String.format("§%s", m));',
    'f(PromptVault.getPromptText("a/b", java.util.Map.ofEntries(java.util.Map.entry("m", String.valueOf(m)))));',
  ],
  [
    'java',
    'f("§%.1f".formatted(m));',
    'f(PromptVault.getPromptText("a/b", java.util.Map.ofEntries(java.util.Map.entry("m", String.format("%.1f", m)))));',
  ],
  [
    'csharp',
    'F($"Sort §{m} {n:N2}");',
    'F(PromptVault.GetPromptText("a/b", new() { ["m"] = $"{m}", ["n"] = $"{n:N2}" }));',
  ],
  [
    'csharp',
    'F(string.Format("§{0} {1,5:N2}", m, n));',
    'F(PromptVault.GetPromptText("a/b", new() { ["m"] = $"{m}", ["n"] = string.Format("{0,5:N2}", n) }));',
  ],
  [
    'csharp',
    'public const string P = "§Sort it";',
    'public static readonly string P = PromptVault.GetPromptText("a/b");',
  ],
  ['rust', 'f("§Sort it");', 'f(&*get_prompt_text("a/b", &[]));'],
  ['rust', 'f("§Sort it".to_string());', 'f(get_prompt_text("a/b", &[]).to_string());'],
  [
    'rust',
    'f(&format!("§{m} {:?} {}", n, a + b));',
    'f(&get_prompt_text("a/b", &[("m", &m.to_string()), ("n", &format!("{:?}", n)), ("a", &(a + b).to_string())]));',
  ],
  ['rust', 'json!({ "a": "§Sort it" })', 'json!({ "a": &*get_prompt_text("a/b", &[]) })'],
  [
    'shellscript',
    'f "Sort §$m"',
    `f "$(promptvault get a/b --var m="$m" --json | jq -er '.messages[0].content // empty')"`,
  ],
  ['shellscript', "f '§Sort it\n\n'", `f "$(promptvault get a/b --json | jq -er '.messages[0].content // empty')\n\n"`],
  [
    'shellscript',
    'f <<EOF | g\n§Sort it\nEOF\n',
    `f <<EOF | g\n$(promptvault get a/b --json | jq -er '.messages[0].content // empty')\nEOF\n`,
  ],
  [
    'shellscript',
    "f <<-'EOF'\n§Sort it\n\tEOF\n",
    `f <<-EOF\n$(promptvault get a/b --json | jq -er '.messages[0].content // empty')\n\tEOF\n`,
  ],
  ['yaml', 'a: "§Sort it" # b\nc: 1\n', 'a: "promptvault:a/b" # b\nc: 1\n'],
  ['yaml', "a: ['§Sort it', 2]\n", 'a: ["promptvault:a/b", 2]\n'],
  ['yaml', 'a:\n  - b: |\n      §Sort\n      it\n\n  - c: 2\n', 'a:\n  - b: promptvault:a/b\n\n  - c: 2\n'],
  ['dockercompose', 'environment:\n  P: "§Sort it"\n', 'environment:\n  P: "promptvault:a/b"\n'],
  ['json', '{"a": "§Sort it", "b": 1}', '{"a": "promptvault:a/b", "b": 1}'],
  ['jsonc', '["§Sort it" /* why */]', '["promptvault:a/b" /* why */]'],
];

const impossible: readonly [language: string, source: string][] = [
  ['typescript', "import x from '§a b';"],
  ['typescript', 'const q = sql`§Sort it`;'],
  ['javascript', "f({ '§a b': 1 })"],
  ['python', 'match x:\n  case "§a b":'],
  ['go', 'type A struct {\n\tName string `json:§"name" xml:"n"`\n}'],
  ['go', 'import m "§a b"'],
  ['go', 'const (\n\ta = "§a b"\n)'],
  ['java', '@Value("§a b") String a;'],
  ['java', 'switch (x) { case "§a b" -> 1; }'],
  ['csharp', '[Description("§a b")] public int A;'],
  ['csharp', 'void F(int a, string b = "§a b") {}'],
  ['csharp', 'x switch { "§a b" => 1 }'],
  ['csharp', 'if (x is "§a b") {}'],
  ['csharp', 'void F() { const string P = "§a b"; }'],
  ['csharp', 'F("§a b"u8);'],
  ['ruby', 'f("§a b": 1)'],
  ['ruby', 'f(<<~A, 1)\n  §Hi there\nA\n'],
  ['php', "<?php class A { const B = '§a b'; }"],
  ['php', "<?php class A { private static ?string $b = '§a b'; }"],
  ['php', "<?php function f($a = '§a b') {}"],
  ['php', "<?php #[Route('§a b')]\nfunction f() {}"],
  ['rust', 'pub const A: &str = "§a b";'],
  ['rust', 'static A: &[&str] = &["§a b"];'],
  ['rust', '#[doc = "§a b"]'],
  ['rust', 'println!("§Sort {m}");'],
  ['rust', 'match x { "§a b" => 1, _ => 2 }'],
  ['shellscript', "f <<'EOF' | g\n§Sort it\nEOF\n"],
  ['yaml', '"§a b": 1\n'],
  ['yaml', 'a: | # why\n  §Sort it\n'],
  ['json', '{"§a b": 1}'],
  ['cobol', '"§a b"'],
];

describe('a fetch in place of a string', () => {
  it('is written in every language in which prompts are found', () => {
    assert.deepEqual([...fetchLanguages].sort(), [...referenceLanguages].sort());
    assert.deepEqual([...new Set(cases.map(([language]) => language))].sort(), [...fetchLanguages].sort());
  });

  for (const [language, source, expected] of cases) {
    it(`is found again in ${language}: ${JSON.stringify(source)}`, () => {
      const text = extracted(source, language);
      assert.equal(text, expected);
      assert.deepEqual(
        findReferences(text!, language).map(({ path, selector }) => [path, selector]),
        [['a/b', null]],
      );
    });
  }

  for (const [language, source] of impossible) {
    it(`is not offered where no call may stand in ${language}: ${JSON.stringify(source)}`, () => {
      assert.equal(extracted(source, language), null);
    });
  }

  it('leaves what is around it in data as it was', () => {
    const block = 'a:\n  - b: |\n      §Sort\n      it\n\n  - c: 2\n';
    assert.deepEqual(parse(extracted(block, 'yaml')!), { a: [{ b: 'promptvault:a/b' }, { c: 2 }] });
    assert.deepEqual(parse(extracted("a: ['§it''s so', 2]", 'yaml')!), { a: ['promptvault:a/b', 2] });
    assert.deepEqual(JSON.parse(extracted('{"a": "§say \\"it\\"", "b": 1}', 'json')!), { a: 'promptvault:a/b', b: 1 });
  });

  it('keeps the template of a call whose values are only known when it runs', () => {
    const sources: [string, string, string][] = [
      ['go', 'fmt.Sprintf("§Sort %s", all...)', 'fmt.Sprintf(getPromptText("a/b", nil), all...)'],
      ['go', 'fmt.Sprintf("§Sort %*d", m, n)', 'fmt.Sprintf(getPromptText("a/b", nil), m, n)'],
      ['go', 'fmt.Sprintf("§Sort %s", m, n)', 'fmt.Sprintf(getPromptText("a/b", nil), m, n)'],
      ['ruby', 'format("§Sort %<m>s", m: 1)', 'format(get_prompt("a/b")["messages"][0]["content"], m: 1)'],
    ];
    for (const [language, source, expected] of sources) assert.equal(extracted(source, language), expected);
  });
});

describe('missingHelper', () => {
  const call = {
    go: 'package main\n\nimport "os/exec"\n\nvar p = getPromptText("a/b", nil)\n',
    java: 'class A { String p = PromptVault.getPromptText("a/b", java.util.Map.of()); }',
    javascript: "import { execFile } from 'child_process';\nf(getPrompt('a/b'));\n",
    typescript: "import { getPrompt } from './prompts';\nf(getPrompt('a/b'));\n",
    python: '#!/usr/bin/env python3\nimport json\nf(get_prompt("a/b"))\n',
  };
  const told = (language: keyof typeof call) =>
    missingHelper(call[language], language).map(({ line, text }) => [line, text.split('\n')[0]]);

  it('brings in what is not there yet, where the language wants it', () => {
    assert.deepEqual(told('go'), [
      [3, 'import "encoding/json"'],
      [5, ''],
    ]);
    assert.deepEqual(told('java'), [[1, '']]);
    assert.deepEqual(told('javascript'), [[1, "import { promisify } from 'node:util';"]]);
    assert.deepEqual(told('python'), [[2, 'import subprocess']]);
  });

  it('requires what it needs in a file that is no module', () => {
    const text = "const { execFile } = require('child_process');\nf(getPrompt('a/b'));\n";
    const [{ line, text: inserted } = { line: 0, text: '' }] = missingHelper(text, 'javascript');
    assert.equal(line, 0);
    const source = inserted + text;
    const names = ['execFile', 'promisify'].map(
      (name) => source.match(new RegExp(`const \\{ ${name} \\}`, 'g'))?.length,
    );
    assert.deepEqual(names, [1, 1]);
    new Script(source);
  });

  it('is none where the function comes from elsewhere', () => {
    assert.deepEqual(told('typescript'), []);
    assert.deepEqual(missingHelper('a: promptvault:a/b', 'yaml'), []);
  });
});
