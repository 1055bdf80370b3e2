// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test are source code
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findReferences, referenceLanguages } from '../../../src/code/findReferences.ts';
import { assertLinear } from '../../support/cpuTime.ts';

/** The references as `kind path@selector`, each checked to stand where it says. */
function found(text: string, language = 'typescript'): string[] {
  return findReferences(text, language).map(({ path, selector, selectorRange, start, end, kind, variables }) => {
    const isBehind = selectorRange?.end === end;
    assert.equal(text.slice(start, end), isBehind ? `${path}@${selector}` : path);
    assert.equal(selector === null, selectorRange === null);
    const typed = selectorRange && text.slice(selectorRange.start, selectorRange.end);
    if (typed !== null && kind !== 'url') assert.equal(typed, selector);
    for (const { name, start: from, end: to } of variables?.names ?? []) assert.equal(text.slice(from, to), name);
    return `${kind} ${selector === null ? path : `${path}@${selector}`}`;
  });
}

describe('findReferences', () => {
  it('finds calls in TypeScript and JavaScript', () => {
    for (const language of ['typescript', 'typescriptreact', 'javascript', 'javascriptreact']) {
      assert.deepEqual(found('const p = await getPrompt("support/triage");', language), ['call support/triage']);
    }
    assert.deepEqual(found("vault.get('support/triage@^2', { tone: 'kind' })"), ['call support/triage@^2']);
    assert.deepEqual(found('this.promptVault?.render(`support/triage@PRD`)'), ['call support/triage@PRD']);
    assert.deepEqual(found('client.getPrompt<Answer>("greeting@2.3")'), ['call greeting@2.3']);
    assert.deepEqual(found('vault.get("a/b@>=2.1 <3")'), ['call a/b@>=2.1 <3']);
  });

  it('finds calls in Python, with prefixes, keywords and triple quotes', () => {
    assert.deepEqual(found("p = get_prompt('support/triage')", 'python'), ['call support/triage']);
    assert.deepEqual(found("get_prompt(path='support/triage@PRD')", 'python'), ['call support/triage@PRD']);
    assert.deepEqual(found('vault.get(r"support/triage")', 'python'), ['call support/triage']);
    assert.deepEqual(found('vault.get(\n    """support/triage"""\n)', 'python'), ['call support/triage']);
    assert.deepEqual(found('get_prompt(f"support/{name}")', 'python'), []);
    assert.deepEqual(found('get_prompt(b"support/triage")', 'python'), []);
    assert.deepEqual(found('def get_prompt(path="support/triage"): ...', 'python'), []);
  });

  it('finds calls of the command line tool', () => {
    assert.deepEqual(found("execFile('promptvault', ['get', 'support/triage', '--json'])"), ['call support/triage']);
    const python = 'subprocess.run(["promptvault", "get", "support/triage@^2", "--json"])';
    assert.deepEqual(found(python, 'python'), ['call support/triage@^2']);
  });

  it('finds commands in texts that are run, and not in texts that mention one', () => {
    const text = 'promptvault get support/triage --json';
    assert.deepEqual(found(`execSync(\`${text}\`); const command = '${text}'; $\`${text}\``), [
      ...['call support/triage', 'call support/triage', 'call support/triage'],
    ]);
    assert.deepEqual(found(`a = %x(${text}); b = \`${text}\``, 'ruby'), ['call support/triage', 'call support/triage']);
    assert.deepEqual(found(`bash -c "${text}"`, 'shellscript'), ['call support/triage']);
    assert.deepEqual(found(`examples: ['${text}']; say("${text}"); x.add('${text}')`), []);
    assert.deepEqual(found(`a = "${text}"\nb = <<~A\n  ${text}\nA\n`, 'ruby'), []);
    assert.deepEqual(found(`echo "${text}"`, 'shellscript'), []);
    const [reference] = findReferences('promptvault get a/b --var x=$(cat y) --var z=1', 'shellscript');
    assert.deepEqual(
      reference?.variables?.names.map(({ name }) => name),
      ['x', 'z'],
    );
  });

  it('finds calls that span lines and hold comments', () => {
    const text = 'getPrompt(\r\n  // the one for mails.\r\n  /* v2 */ "support/triage",\r\n  { a: 1 },\r\n)';
    assert.deepEqual(found(text), ['call support/triage']);
  });

  it('finds addresses in strings and comments, and comment lines', () => {
    assert.deepEqual(found('const uri = "promptvault:support/triage@PRD";'), ['uri support/triage@PRD']);
    assert.deepEqual(found('`see ${x} promptvault://support/triage, please`'), ['uri support/triage']);
    assert.deepEqual(found('// promptvault: support/triage'), ['comment support/triage']);
    assert.deepEqual(found('# promptvault: support/triage@^2\nx = 1', 'python'), ['comment support/triage@^2']);
    assert.deepEqual(found('/*\n * promptvault: a/one\n * promptvault: a/two\n */'), [
      'comment a/one',
      'comment a/two',
    ]);
    assert.deepEqual(found('// It uses promptvault:support/triage.'), ['uri support/triage']);
  });

  it('leaves alone what only looks like a reference', () => {
    assert.deepEqual(found('const text = "getPrompt(\'support/triage\')";'), []);
    assert.deepEqual(found('// getPrompt("support/triage")'), []);
    assert.deepEqual(found('/getPrompt("support\\/triage")/.test(x)'), []);
    assert.deepEqual(found('map.get("support/triage"); headers.get("accept")'), []);
    assert.deepEqual(found('getPrompt(`support/${name}`)'), []);
    assert.deepEqual(found('getPrompt("support/" + name)'), []);
    assert.deepEqual(found('getPrompt("support" + suffix)'), []);
    assert.deepEqual(found('getPrompt("../etc/passwd"); getPrompt("a b")'), []);
    assert.deepEqual(found('// promptvault: see the docs for more'), []);
    assert.deepEqual(found('import "./promptvault:x.css-promptvault:y"').length, 1);
    assert.deepEqual(found('getPrompt("support/triage")', 'cobol'), []);
  });

  it('keeps its place after templates, expressions, apostrophes and divisions', () => {
    const call = '; getPrompt("a/b")';
    for (const before of [
      'const t = `x ${ { a: `y ${1}` }.a } z`',
      'const r = /["\'`]/g',
      'const half = total / 2 / `1`.length',
      'const q = a["x"] / b',
      'const e = "quote \\" inside"',
      "const l = 'ends\\\\'",
    ]) {
      assert.deepEqual(found(before + call), ['call a/b'], before);
    }
    assert.deepEqual(found(`<p>Don't</p>\n${call}`, 'typescriptreact'), ['call a/b']);
    assert.deepEqual(found(`s = """it's "quoted" """${call.replace('getPrompt', 'get_prompt')}`, 'python'), [
      'call a/b',
    ]);
    assert.deepEqual(found('const t = `${getPrompt("a/b")} and ${getPrompt("c")}`'), ['call a/b', 'call c']);
  });

  it('counts offsets as editors do, past letters of two units', () => {
    assert.deepEqual(found('/* 🎉 é */ getPrompt("a/b")'), ['call a/b']);
  });

  it('takes any text in any language, and every place is inside the text', () => {
    const piece = fc.constantFrom(
      ...'"\'`\\/*#{}$\n( |>,:-@=<',
      'getPrompt(',
      '"a/b"',
      'promptvault:',
      'promptvault get ',
      '/v1/render/',
      'a/b',
      '@^2',
      '?range=%5',
      '"""',
      'f"',
      '$"',
      'r#"',
      '<<~A',
      '\nA\n',
      '<<<A\n',
      '<?php ',
      '${',
      '#{',
      '$(',
      'variables: {',
      '...x',
      '--var a=',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(...referenceLanguages), (pieces, language) => {
        found(pieces.join(''), language);
      }),
      { numRuns: 3000 },
    );
  });

  for (const language of [
    'typescript',
    'python',
    'go',
    'java',
    'csharp',
    'ruby',
    'php',
    'rust',
    'shellscript',
    'yaml',
  ]) {
    it(`takes time in line with the length of the text in ${language}`, () => {
      const size = 25_000;
      for (const piece of [
        ...'"\'`({[</%#:',
        "'\\",
        '= /[',
        '`${',
        '#{',
        '{$',
        '$(',
        '<<~A ',
        '- |\n',
        'getPrompt(<',
        'getPrompt("a", {',
        'promptvault: a/',
        'promptvault:a.',
        '["promptvault", "get", "a", ',
        'promptvault get "',
        'promptvault get a --var ',
        '/v1/get/a?',
        '/* ',
        '"""',
        'r#"',
        'vault . get ( ',
        'from x = ',
      ]) {
        assertLinear(piece, size, (length) =>
          findReferences(`<?php vault promptvault import ${piece.repeat(length / piece.length)}`, language),
        );
      }
    });
  }
});
