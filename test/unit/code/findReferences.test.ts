// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test are source code
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findReferences, referenceLanguages } from '../../../src/code/findReferences.ts';

/** The references as `kind path@selector`, each checked to stand where it says. */
function found(text: string, language = 'typescript'): string[] {
  return findReferences(text, language).map(({ path, selector, start, end, kind }) => {
    const written = selector === null ? path : `${path}@${selector}`;
    assert.equal(text.slice(start, end), written);
    return `${kind} ${written}`;
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

  it('finds calls that span lines and hold comments', () => {
    const text = 'getPrompt(\r\n  // the one for mails\r\n  /* v2 */ "support/triage",\r\n  { a: 1 },\r\n)';
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
    assert.deepEqual(found('getPrompt("support/triage")', 'ruby'), []);
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
      ...'"\'`\\/*#{}$\n( ',
      'getPrompt(',
      '"a/b"',
      'promptvault:',
      'a/b',
      '"""',
      'f"',
      '${',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(...referenceLanguages), (pieces, language) => {
        found(pieces.join(''), language);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes time in line with the length of the text', () => {
    const size = 300_000;
    for (const piece of [
      "'\\",
      '= /[',
      '`${',
      'getPrompt(<',
      'promptvault: a/',
      'promptvault:a.',
      '/* ',
      '"""',
      'vault . get ( ',
    ]) {
      for (const language of ['typescript', 'python']) {
        const started = performance.now();
        findReferences(`vault ${piece.repeat(size / piece.length)}`, language);
        assert.ok(performance.now() - started < 3000, `${language}: ${piece}`);
      }
    }
  });
});
