// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test are source code
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { extractLiteral } from '../../../src/code/extractLiteral.ts';
import type { ExtractedLiteral } from '../../../src/code/types.ts';
import { renderContent } from '../../../src/vault/variables.ts';

/** The literal at the `§` of a source text, which is taken out. */
function extract(source: string, language: string): ExtractedLiteral | null {
  return extractLiteral(source.replace('§', ''), language, source.indexOf('§'));
}

/** `text | name = expression | … | what it takes the place of`. */
function told(source: string, language: string): (string | undefined)[] | null {
  const found = extract(source, language);
  if (!found) return null;
  const variables = found.variables.map(({ name, expression }) => `${name} = ${expression}`);
  return [found.text, ...variables, source.replace('§', '').slice(found.range.start, found.range.end)];
}

/** What the prompt says with its variables' values. */
function rendered({ text, variables }: ExtractedLiteral, give: (expression: string) => string): string {
  if (variables.length === 0) return text;
  const content = { messages: [{ role: 'user' as const, content: text }], settings: {}, variables };
  const values = Object.fromEntries(variables.map(({ name, expression }) => [name, give(expression)]));
  return renderContent(content, values).messages[0]!.content;
}

describe('extractLiteral', () => {
  it('makes variables of the substitutions of every language', () => {
    const cases: [language: string, source: string, expected: string[]][] = [
      [
        'typescript',
        'f(`Sort §${message} for ${this.user.name}.\\n`)',
        ['Sort {{message}} for {{user_name}}.\n', 'message = message', 'user_name = this.user.name'],
      ],
      [
        'python',
        'f(f"Sort §{message} for {user[\'name\']}.\\n")',
        ['Sort {{message}} for {{user_name}}.\n', 'message = message', "user_name = user['name']"],
      ],
      [
        'csharp',
        'F($"Sort §{message} for {User.Name}.\\n")',
        ['Sort {{message}} for {{user_Name}}.\n', 'message = message', 'user_Name = User.Name'],
      ],
      [
        'ruby',
        'f("Sort §#{message} for #{user.name}.\\n")',
        ['Sort {{message}} for {{user_name}}.\n', 'message = message', 'user_name = user.name'],
      ],
      [
        'php',
        '<?php f("Sort §$message for {$user->name}.\\n")',
        ['Sort {{message}} for {{user_name}}.\n', 'message = $message', 'user_name = $user->name'],
      ],
      [
        'rust',
        'f(format!("Sort §{message} for {}.\\n", user.name))',
        ['Sort {{message}} for {{user_name}}.\n', 'message = message', 'user_name = user.name'],
      ],
      [
        'shellscript',
        'f "Sort §$message for ${user}."',
        ['Sort {{message}} for {{user}}.', 'message = "$message"', 'user = "${user}"'],
      ],
    ];
    for (const [language, source, expected] of cases) {
      assert.deepEqual(told(source, language)?.slice(0, -1), expected, language);
    }
  });

  it('keeps formats with the expression, so that the text stays the same', () => {
    assert.deepEqual(told('f"§{price:.2f} {name!r} {x != y}"', 'python')?.slice(0, 4), [
      '{{price}} {{name}} {{x}}',
      'price = f"{price:.2f}"',
      'name = f"{name!r}"',
      'x = x != y',
    ]);
    assert.deepEqual(told('$"§{price:N2} {(a ? b : c)}"', 'csharp')?.slice(0, 3), [
      '{{price}} {{a}}',
      'price = $"{price:N2}"',
      'a = (a ? b : c)',
    ]);
    assert.deepEqual(told('format!("§{:?}", items)', 'rust')?.slice(0, 2), [
      '{{items}}',
      'items = format!("{:?}", items)',
    ]);
  });

  it('names each expression once, and no two alike', () => {
    const source = '`§${a.name} ${b.name} ${a.name} ${f(x, y)} ${getTone()} ${items.map((i) => i.id).join()} ${1 + 1}`';
    assert.deepEqual(
      extract(source, 'typescript')?.variables.map(({ name }) => name),
      ['a_name', 'b_name', 'x', 'tone', 'items', 'value'],
    );
    assert.deepEqual(
      extract('`§${user.id} ${user["id"]}`', 'typescript')?.variables.map(({ name }) => name),
      ['user_id', 'user_id2'],
    );
  });

  it('takes joined literals as one text, with what stands in between', () => {
    const whole = "'You are ' + role +\n  // and so on\n  `, ${name}.`";
    assert.deepEqual(told(`x = 'You §are ' + role +\n  // and so on\n  \`, \${name}.\`;`, 'typescript'), [
      'You are {{role}}, {{name}}.',
      'role = role',
      'name = name',
      whole,
    ]);
    assert.deepEqual(told('p = (\n  "a "\n  f"{b} "\n  §\'c\'\n)', 'python')?.[0], 'a {{b}} c');
    assert.deepEqual(told('p = "a"\n"§b"', 'python')?.[0], 'b');
    assert.deepEqual(told('p("a", "§b")', 'python')?.[0], 'b');
    assert.deepEqual(told('<?php $p = "a" . $b->c . §"d";', 'php')?.[0], 'a{{c}}d');
    assert.deepEqual(told('"§a" +\n "b"', 'java')?.[0], 'ab');
  });

  it('reads format calls of Python whole', () => {
    assert.deepEqual(told('x = "§Hi {name}, {} {0.y:>3} {{z}}".format(who, name=user.name)', 'python'), [
      'Hi {{user_name}}, {{who}} {{who2}} {z}',
      'user_name = user.name',
      'who = who',
      'who2 = "{0.y:>3}".format(who)',
      '"Hi {name}, {} {0.y:>3} {{z}}".format(who, name=user.name)',
    ]);
    // What the names are is only known when it runs: the template itself is the text.
    assert.deepEqual(told('x = "§Hi {name}".format(**values)', 'python'), ['Hi {name}', '"Hi {name}"']);
  });

  it('leaves out the indentation that is no part of a text', () => {
    const body = '\n    Hi\n      there\n    ';
    assert.equal(told(`x = §"""${body}""";`, 'java')?.[0], 'Hi\n  there\n');
    assert.equal(told(`x = §"""${body}""";`, 'csharp')?.[0], 'Hi\n  there');
    assert.equal(told('x = §<<~A\n    Hi\n\n      there\n  A\n', 'ruby')?.[0], 'Hi\n\n  there\n');
    assert.equal(told('<?php $x = §<<<A\n    Hi\n      there\n    A;', 'php')?.[0], 'Hi\n  there');
    assert.equal(told(`x = §"""${body}"""`, 'python')?.[0], body);
  });

  it('answers null where no string is, and where a part of the code would be lost', () => {
    assert.equal(told('const §x = 1; // "no"', 'typescript'), null);
    assert.equal(told('x = §b"bytes"', 'python'), null);
    assert.equal(told('f(<<~A, 1)\n  §Hi\nA\n', 'ruby'), null);
    assert.equal(told('"§open', 'go'), null);
    assert.equal(told('"§a"', 'cobol'), null);
    assert.equal(told('a: |\n  You are a poet.\n § \n', 'yaml'), null);
    // Behind a backslash no placeholder can be written.
    assert.equal(told('`C:\\\\§${name}`', 'typescript'), null);
  });

  it('says in JavaScript exactly what the literal says', () => {
    const pieces = [
      '{',
      '}',
      '{{',
      '}}',
      '{{x}}',
      '\\{',
      '\\n',
      '\\\\',
      '\\`',
      '$ ',
      '\\${',
      ' a',
      '\n',
      '\\x41',
      '\\u{1F389}',
      '\\q',
      '"',
      '${v0}',
      '${v1}',
    ];
    const values = ['<{{v1}}>', '$& {{'];
    const context = createContext({ v0: values[0], v1: values[1] });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (chosen) => {
        const source = `\`${chosen.join('')}\``;
        const expected = runInContext(source, context) as string;
        const found = extractLiteral(source, 'typescript', 1);
        const isHidden = /\\\\\{?\$\{v|\\\\\\\{\$\{v/.test(source);
        if (!found) assert.ok(isHidden, source);
        else
          assert.equal(
            rendered(found, (name) => values[Number(name.slice(1))]!),
            expected,
            source,
          );
      }),
      { numRuns: 2000 },
    );
  });

  it('says in Python exactly what the literal says', () => {
    const pieces = [
      '{{',
      '}}',
      '{{{{x}}}}',
      '\\n',
      '\\\\',
      "\\'",
      '\\"',
      ' a',
      '\\x41',
      '\\101',
      '\\u00e9',
      '\\q',
      'é',
      '{v0}',
      '{v1!r}',
      '{v0:>9}',
      '\\\n',
    ];
    const sources = fc
      .sample(
        fc.tuple(fc.constantFrom('f"', "f'", 'f"""', "F'''"), fc.array(fc.constantFrom(...pieces), { maxLength: 8 })),
        { numRuns: 300, seed: 7 },
      )
      .map(([opening, chosen]) => `${opening}${chosen.join('')}${opening.slice(1)}`);
    const found = sources.map((source) => extractLiteral(source, 'python', 1));
    const expressions = found.flatMap((one) => one?.variables.map(({ expression }) => expression) ?? []);
    const script = `import json, sys, warnings
warnings.simplefilter("ignore")
v0, v1 = "<{{v1}}>", "it's"
print(json.dumps([str(eval(one)) for one in json.load(sys.stdin)]))`;
    const input = JSON.stringify([...sources, ...expressions]);
    const answers = JSON.parse(execFileSync('python3', ['-c', script], { input, encoding: 'utf8' })) as string[];
    const values = new Map(expressions.map((one, index) => [one, answers[sources.length + index]!]));
    let compared = 0;
    found.forEach((one, index) => {
      if (!one) {
        assert.match(sources[index]!, /\\[\\q]/);
        return;
      }
      assert.equal(
        rendered(one, (expression) => values.get(expression)!),
        answers[index],
        sources[index],
      );
      compared += 1;
    });
    assert.ok(compared > 250, `${compared} compared`);
  });

  it('says in a shell exactly what the literal says', () => {
    const piece = fc.constantFrom('a', '\\n', '\\\\', '\\"', '\\$', '\\`', "'", '\n', '\\\n', 'é', '\\q', '#');
    const quick = fc.constantFrom('a', '\\n', '\\t', '\\\\', "\\'", '\\x41', '\\u00e9', '\\101', '\\e', '\\q', '"');
    const sources = [
      ...fc.sample(fc.array(piece, { maxLength: 8 }), { numRuns: 100, seed: 3 }).map((all) => `"${all.join('')}"`),
      ...fc.sample(fc.array(quick, { maxLength: 8 }), { numRuns: 100, seed: 4 }).map((all) => `$'${all.join('')}'`),
    ];
    const script = sources.map((source) => `printf '%s\\0' ${source}`).join('\n');
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const answers = execFileSync('bash', ['-c', script], { encoding: 'utf8', env }).split('\0').slice(0, -1);
    assert.equal(answers.length, sources.length);
    sources.forEach((source, index) => {
      assert.equal(extractLiteral(source, 'shellscript', 2)?.text, answers[index], source);
    });
  });
});
