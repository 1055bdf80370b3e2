// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts under test are source code
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { extractLiteral } from '../../../src/code/extractLiteral.ts';
import { referenceLanguages } from '../../../src/code/findReferences.ts';
import { findPromptLiterals } from '../../../src/code/promptLiterals.ts';
import { assertLinear } from '../../support/cpuTime.ts';

const root = join(import.meta.dirname, '../../..');
const texts = (source: string, language: string) => findPromptLiterals(source, language).map(({ text }) => text);

const prompts: [language: string, source: string, text: string][] = [
  [
    'typescript',
    'const messages = [{ role: "system", content: "You are a helpful assistant." }];',
    'You are a helpful assistant.',
  ],
  [
    'typescript',
    'const summary = await llm(`Summarize the following article in three bullet points.\\nArticle: ${article}`);',
    'Summarize the following article in three bullet points.\nArticle: {{article}}',
  ],
  [
    'javascript',
    "const systemPrompt = 'Answer in the language of the question. ' +\n  'Never promise a refund.';",
    'Answer in the language of the question. Never promise a refund.',
  ],
  [
    'python',
    'SYSTEM_PROMPT = """\nYou sort mail for a bank. Answer with one word.\n"""',
    '\nYou sort mail for a bank. Answer with one word.\n',
  ],
  ['python', 'prompt = f"Translate {text} into {language}."', 'Translate {{text}} into {{language}}.'],
  [
    'python',
    'llm.invoke([SystemMessage(content="Classify the mail as one of: refund, other."), mail])',
    'Classify the mail as one of: refund, other.',
  ],
  [
    'python',
    'TEMPLATE = """Given the context below, answer the question.\n\nContext: {context}\nQuestion: {question}\nAnswer:"""',
    'Given the context below, answer the question.\n\nContext: {context}\nQuestion: {question}\nAnswer:',
  ],
  [
    'go',
    'prompt := fmt.Sprintf(`You are an expert lawyer. Rate the risk of this clause: %s`, clause)',
    'You are an expert lawyer. Rate the risk of this clause: %s',
  ],
  [
    'java',
    'var prompt = """\n    You are a support agent.\n    Answer in German.\n    """;',
    'You are a support agent.\nAnswer in German.\n',
  ],
  [
    'csharp',
    'new SystemChatMessage("You are a careful reviewer. Reply with JSON only.")',
    'You are a careful reviewer. Reply with JSON only.',
  ],
  [
    'ruby',
    'prompt = "Write a polite reply to #{mail}. Do not make things up."',
    'Write a polite reply to {{mail}}. Do not make things up.',
  ],
  [
    'php',
    '<?php $prompt = "Extract the order number from this mail: $mail. Return only JSON.";',
    'Extract the order number from this mail: {{mail}}. Return only JSON.',
  ],
  ['rust', 'let system = "You are a poet. Answer in rhymes only.";', 'You are a poet. Answer in rhymes only.'],
  [
    'yaml',
    'system: |\n  You are a contracts lawyer.\n  Quote before you judge.\n',
    'You are a contracts lawyer.\nQuote before you judge.\n',
  ],
  [
    'json',
    '{ "messages": [{ "role": "system", "content": "You answer questions of customers." }] }',
    'You answer questions of customers.',
  ],
  [
    'shellscript',
    'PROMPT="You are a release manager. Summarize these commits: $LOG"',
    'You are a release manager. Summarize these commits: {{LOG}}',
  ],
];

const others: [what: string, language: string, source: string][] = [
  [
    'a licence',
    'typescript',
    'const banner = "Copyright 2026. Licensed under the MIT licence. You may use, copy and change it. Provide this text with all copies.";',
  ],
  [
    'SQL',
    'python',
    'QUERY = """SELECT name, text FROM prompts WHERE path = {path} AND stage IN (\'PRD\') -- only what is given"""',
  ],
  ['HTML', 'typescript', 'const page = `<div class="prompt"><p>You are a guest. Write your name: ${name}</p></div>`;'],
  ['a log line', 'python', 'logger.info("Given the following text, the user asked for a summary of %s", text)'],
  ['an error', 'typescript', 'throw new Error(`The file ${file} is no prompt. Write one first, then try again.`);'],
  [
    'a docstring',
    'python',
    'def f():\n    """You are given a text. Return the summary as a JSON object. Never return None."""\n',
  ],
  ['a comment', 'typescript', '// You are a helpful assistant. Answer with valid JSON only.\nconst a = 1;'],
  ['a regular expression', 'typescript', 'const re = /You are a helpful assistant\\. Answer with JSON/;'],
  [
    'a test title',
    'typescript',
    "it('answers with valid JSON when the user asks for a list of the following items', () => {});",
  ],
  [
    'help of a command',
    'go',
    'const help = "Usage: tool [flags]. Write the answer to a file with --out. Use --json for valid JSON only."',
  ],
  ['what a window asks', 'typescript', "showInputBox({ prompt: 'Write the name of the tag. Use only letters.' })"],
  ['a path', 'typescript', "import { prompt } from './you are/a helpful assistant/answer with.ts';"],
  ['words on a button', 'typescript', 'const label = "Answer the user";'],
  [
    'text of an interface',
    'json',
    '{ "welcome": "Welcome back, {name}! You have {count} new messages. Read them now or come back later." }',
  ],
  ['a commit message', 'shellscript', 'git commit -m "Return the answer as JSON. Do not write to the log"'],
  [
    'a description in an API',
    'yaml',
    'description: |\n  Returns the list of users. You can filter by name.\n  Use the page parameter to get the following page.\n',
  ],
];

describe('findPromptLiterals', () => {
  for (const [language, source, text] of prompts) {
    it(`finds in ${language}: ${text.trim().slice(0, 40)}`, () => {
      assert.deepEqual(texts(source, language), [text]);
    });
  }

  for (const [what, language, source] of others) {
    it(`does not take ${what} for a prompt`, () => {
      assert.deepEqual(texts(source, language), []);
    });
  }

  it('says where each stands and what spoke for it', () => {
    const source = 'const a = 1;\nconst systemPrompt =\n  "You are a poet. " + "Answer in rhymes only.";';
    const [found] = findPromptLiterals(source, 'typescript');
    assert.equal(source.slice(found!.start, found!.end), '"You are a poet. " + "Answer in rhymes only."');
    assert.ok(found!.score >= 1);
    assert.deepEqual(found!.signals.slice(0, 2), ['named a prompt', 'speaks to a model']);
  });

  it('finds most of 100 published prompts by their text alone, and all of them by their name', () => {
    const files = globSync('test/fixtures/data/fabric-patterns/*/system.md', { cwd: root }).sort().slice(0, 100);
    const sources = files.map((file) => readFileSync(join(root, file), 'utf8').replace(/[`\\]|\$\{/g, ' '));
    const byText = sources.filter((text) => findPromptLiterals(`f(\`${text}\`)`, 'typescript').length === 1);
    const byName = sources.filter(
      (text) => findPromptLiterals(`const systemPrompt = \`${text}\`;`, 'typescript').length === 1,
    );
    assert.equal(files.length, 100);
    assert.ok(byText.length >= 90, `${byText.length} by text`);
    assert.ok(byName.length >= 97, `${byName.length} by name`);
  });

  it('takes nothing in the sources of this project for a prompt but those of judges and of makers of cases', () => {
    const files = globSync(['src/**/*.ts', '*.mjs'], { cwd: root });
    const found = files.filter(
      (file) => findPromptLiterals(readFileSync(join(root, file), 'utf8'), 'typescript').length > 0,
    );
    assert.ok(files.length > 300, `${files.length} files`);
    assert.deepEqual(
      found.filter((file) => !/^src[\\/]lab[\\/]/.test(file)),
      [],
    );
  });

  it('takes time in line with the length of the text', () => {
    const size = 20_000;
    for (const language of ['typescript', 'python', 'php', 'yaml']) {
      for (const piece of [
        '"a b" + ',
        '"a b"\n',
        '`a b ${',
        'f"a b {',
        'you are a b. ',
        '"a b" . $c . ',
        '// c\n"a b"\n',
        '- |\n  a b\n',
      ]) {
        assertLinear(`${piece} in ${language}`, size, (length) => {
          const source = `<?php x = "${piece.repeat(length / piece.length)}`;
          findPromptLiterals(source, language);
          extractLiteral(source, language, length / 2);
        });
      }
    }
  });

  it('takes any text in any language', () => {
    const piece = fc.constantFrom(
      ...[
        'You are a poet. ',
        'Answer: {{x}}',
        '"',
        "'",
        '`',
        '${',
        '}',
        '"""',
        '\n',
        '- |\n  ',
        '#',
        '{',
        '+ a + ',
        '\\',
        '\\x4',
      ],
      ...['<<~A\n', 'A\n', '.format(', '$"', '@"', '#{', '{x:', 'format!(', '\r\n', '$a[b]'],
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.constantFrom(...referenceLanguages),
        fc.nat(200),
        (pieces, language, offset) => {
          const source = pieces.join('');
          for (const { start, end, text } of findPromptLiterals(source, language)) {
            assert.ok(0 <= start && start < end && end <= source.length);
            assert.ok(text.length > 0);
          }
          const range = extractLiteral(source, language, offset)?.range;
          if (range)
            assert.ok(0 <= range.start && range.start <= offset && offset <= range.end && range.end <= source.length);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
