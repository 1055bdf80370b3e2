// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code
import assert from 'node:assert/strict';
import { extractLiteral } from '../../src/code/extractLiteral.ts';
import { fetchExpression } from '../../src/code/fetch/fetchExpression.ts';
import { missingHelper } from '../../src/code/fetch/fetchHelper.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { promoteToPrd } from './vaultBuilders.ts';

/** A program whose texts that begin with "You help" are its prompts. `slow` ones take a compiler that CI has not. */
export type ExtractedSource = { language: string; id: string; ending: string; slow?: true; lines: readonly string[] };

export const extractedSources: readonly ExtractedSource[] = [
  {
    language: 'TypeScript',
    id: 'typescript',
    ending: 'ts',
    lines: [
      '// Prints a prompt.',
      'import {',
      '  join,',
      "} from 'node:path';",
      '',
      'const user: { name: string } = { name: "Ann {{x}} O\'Hara" };',
      "const text = `You help ${user.name} in ${join('a', 'b')}.\\nKeep {{this}} as it is: \\\\ \\u00e4.`;",
      'console.log(text);',
    ],
  },
  {
    language: 'JavaScript',
    id: 'javascript',
    ending: 'js',
    lines: [
      "import { execFile, spawn } from 'child_process';",
      "const name = spawn && execFile && 'Ann';",
      "const text = 'You help ' + name + ', \"dear\" ' + name;",
      'console.log(text);',
    ],
  },
  {
    language: 'Python',
    id: 'python',
    ending: 'py',
    lines: [
      '"""Prints a prompt."""',
      'from __future__ import annotations',
      '',
      'user = {"name": "Ann"}',
      'share = 0.256',
      'text = f"""You help {user["name"]}:\\n',
      '  {share:.1%} of {{braces}} ä"""',
      'print(text)',
    ],
  },
  {
    language: 'Shell',
    id: 'shellscript',
    ending: 'sh',
    lines: [
      '#!/bin/sh',
      'name="Ann {{x}} O\'Hara; \\$(touch pwned)"',
      'text="You help $name, \\"dear\\" ${name}.',
      '',
      '"',
      'printf \'%s|\' "$text"',
      "cat <<'EOF'",
      '  You help nobody: $name \\.',
      'EOF',
    ],
  },
  {
    language: 'Ruby',
    id: 'ruby',
    ending: 'rb',
    lines: [
      '# Prints a prompt.',
      'require "json"',
      'user = { name: "Ann {{x}} O\'Hara" }',
      'puts format("You help %s with %05.1f%% of #kindness: ä.", user[:name], 12.34)',
    ],
  },
  {
    language: 'PHP',
    id: 'php',
    ending: 'php',
    lines: [
      '<?php',
      'declare(strict_types=1);',
      'namespace App;',
      "$user = ['name' => \"Ann {{x}} O'Hara\"];",
      '$price = 12.345;',
      "echo sprintf('You help %s for %.1f%% ä.', $user['name'], $price), \"\\n\";",
    ],
  },
  {
    language: 'Go',
    id: 'go',
    ending: 'go',
    lines: [
      'package main',
      '',
      'import (',
      '\t"fmt"',
      '\t"os/exec"',
      ')',
      '',
      'const plain = "You help everybody: ä.\\n"',
      '',
      'func main() {',
      '\tvar failed error = exec.ErrNotFound',
      '\tcount := 3',
      '\tfmt.Print(plain, fmt.Sprintf("You help %s with %d of %v: 100%% \\"kind\\"\\n", failed, count, []int{1}))',
      '}',
    ],
  },
  {
    language: 'Java',
    id: 'java',
    ending: 'java',
    slow: true,
    lines: [
      'class Code {',
      '    record User(String name) {}',
      '    private static final String PLAIN = """',
      '        You help',
      '          everybody: ä.',
      '        """;',
      '    public static void main(String[] words) {',
      '        var user = new User("Ann {{x}} O\'Hara");',
      '        int count = 3;',
      '        System.out.print(PLAIN + "You help " + user.name() + " with " + count + ".\\n");',
      '        System.out.print("You help %s for %.1f%%%n".formatted(user, 1.25));',
      '    }',
      '}',
    ],
  },
  {
    language: 'Rust',
    id: 'rust',
    ending: 'rs',
    slow: true,
    lines: [
      'struct User { name: String }',
      'fn show(text: &str) { print!("{text}"); }',
      'fn main() {',
      '    let user = User { name: "Ann {{x}} O\'Hara".to_string() };',
      '    let count = 3;',
      '    let plain = "You help kindly. \\u{e4}\\n";',
      '    show(plain);',
      '    show("You help at once.\\n");',
      '    let made = format!("You help {} with {count:>4} of {0} {{braces}}.\\n", user.name);',
      '    show(&made);',
      '    let owned: String = "You help everybody.".to_string();',
      '    show(&owned);',
      '}',
    ],
  },
  {
    language: 'C#',
    id: 'csharp',
    ending: 'cs',
    slow: true,
    lines: [
      'var user = new User("Ann {{x}} O\'Hara");',
      'var count = 3;',
      'var row = new Dictionary<string, int> { ["a"] = 1 };',
      'Console.Write($"You help {user.Name} with {count:N2} of {row["a"]}.\\n");',
      'Console.Write(string.Format("You help {0} {{braces}} {1,5}.\\n", user.Name, count));',
      'Console.Write(Texts.Plain);',
      'record User(string Name);',
      'static class Texts',
      '{',
      '    public const string Plain = "You help everybody: ä.\\n";',
      '}',
    ],
  },
];

/** The program as it is, and as it becomes when its prompts are extracted, released in the vault. */
export async function extractedProgram(
  { id, lines }: ExtractedSource,
  vault: Vault,
): Promise<{ before: string; after: string }> {
  const before = `${lines.join('\n')}\n`;
  let text = before;
  for (let number = 1; text.includes('You help'); number += 1) {
    const path = `extracted/${id}-${number}`;
    const literal = extractLiteral(text, id, text.indexOf('You help'));
    assert.ok(literal, text);
    const variables = literal.variables.map(({ name }) => ({ name }));
    vault.create({ path, messages: [{ role: 'user', content: literal.text }], variables });
    promoteToPrd(vault, `${path}@1.0`);
    const { range, around, constant } = literal;
    const fetch = fetchExpression(id, { path, values: literal.variables })!;
    text = text.slice(0, range.start) + around[0] + fetch + around[1] + text.slice(range.end);
    if (constant) text = text.slice(0, constant.start) + constant.text + text.slice(constant.end);
  }
  const rows = text.split('\n');
  const missing = missingHelper(text, id);
  assert.equal(missing.length === 0, id === 'shellscript');
  for (const { line, text: inserted } of missing.toReversed())
    rows.splice(line, 0, ...inserted.split('\n').slice(0, -1));
  const after = rows.join('\n');
  assert.deepEqual(missingHelper(after, id), []);
  return { before, after };
}
