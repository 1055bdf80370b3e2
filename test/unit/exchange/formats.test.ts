import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { readSourceFile } from '../../../src/exchange/formatRegistry.ts';
import { findSourceFiles } from '../../../src/exchange/sourceFiles.ts';
import { useFileTree } from '../../support/fileTree.ts';

describe('formats', () => {
  const tree = useFileTree();

  /** Reads one file as its ending says. */
  async function read(name: string, content: string | Uint8Array) {
    await tree.write({ [name]: content });
    const { files } = await findSourceFiles(join(tree.folder, name), 'auto');
    assert.equal(files.length, 1);
    return readSourceFile(files[0]!);
  }
  const user = (content: string) => [{ role: 'user', content }];

  // Marks that formats give a meaning to, between any letters; never blank.
  const anyText = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('\r\n', '\n', '\r', '"', ',', ';', '\t', '{{x}}', '---'),
      ),
    )
    .map((pieces) => `x${pieces.join('').replaceAll('\0', '')}`);

  describe('text', () => {
    it('keeps any text as it is', async () => {
      await fc.assert(
        fc.asyncProperty(anyText, async (text) => {
          assert.deepEqual((await read('a.txt', text)).prompts[0]?.messages, user(text));
        }),
        { numRuns: 200 },
      );
    });

    it('keeps every byte, line ends and spaces included', async () => {
      const text = '  {{x}}\r\n\r\nend \n\t\n';
      assert.deepEqual((await read('a.txt', text)).prompts[0]?.messages, user(text));
    });

    it('takes front matter apart and keeps the body after it as it is', async () => {
      const head =
        'title: "A: title"\ndescription: What\ntags: [one, two]\nmodel: gpt\ntemperature: 0.5\nmax_tokens: 10\n';
      const { prompts, notes } = await read('a.md', `---\r\n${head}author: me\n---\r\n\r\nBody\n`);
      const { title, description, tags, settings, messages } = prompts[0]!;
      assert.deepEqual([title, description, tags], ['A: title', 'What', ['one', 'two']]);
      assert.deepEqual(settings, { model: 'gpt', temperature: 0.5, maxTokens: 10 });
      assert.deepEqual(messages, user('\r\nBody\n'));
      assert.ok(notes[0]?.note.includes('author'));
    });

    it('sees no front matter in a text that begins with a rule', async () => {
      for (const text of ['---\nNo keys here\n---\nmore', '---\ntitle: x\nnever closed', '--- \n- a list\n---\n']) {
        assert.deepEqual((await read('a.md', text)).prompts[0]?.messages, user(text));
      }
    });

    it('reads thousands of empty lines in a front matter at once', async () => {
      const started = performance.now();
      const text = `---\n${'\n'.repeat(50_000)}! no key\n---\n`;
      assert.deepEqual((await read('a.md', text)).prompts[0]?.messages, user(text));
      assert.ok(performance.now() - started < 8000);
    });

    it('names a VS Code prompt file without its double ending', async () => {
      assert.equal((await read('review.prompt.md', 'x')).prompts[0]?.name, 'review');
    });

    it('drops a byte order mark and says so', async () => {
      const { prompts, notes } = await read('a.md', '\ufeffText');
      assert.deepEqual(prompts[0]?.messages, user('Text'));
      assert.equal(notes.length, 1);
    });
  });

  describe('csv', () => {
    it('reads columns in any order, quotes, line ends in cells and a system column', async () => {
      const csv = 'Tags;PROMPT;title;system;path\r\n"a, b";"say ""hi""\r\nnow ";T;Be kind;x/y\r\n;two;Two;;\r\n';
      const { prompts } = await read('a.csv', csv);
      assert.deepEqual(
        prompts.map(({ name, title, tags, messages }) => ({ name, title, tags, messages })),
        [
          {
            ...{ name: 'x/y', title: 'T', tags: ['a', 'b'] },
            messages: [{ role: 'system', content: 'Be kind' }, ...user('say "hi"\r\nnow ')],
          },
          { name: 'Two', title: 'Two', tags: [], messages: user('two') },
        ],
      );
    });

    it('keeps any text in a quoted cell as it is', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyText, { minLength: 1 }), fc.constantFrom('\n', '\r\n'), async (texts, end) => {
          const rows = texts.map((text, index) => `p${index},"${text.replaceAll('"', '""')}"`);
          const { prompts } = await read('a.csv', ['path,prompt', ...rows, ''].join(end));
          assert.deepEqual(
            prompts.map(({ messages }) => messages[0]?.content),
            texts,
          );
        }),
        { numRuns: 200 },
      );
    });

    it('names rows by the line they begin in', async () => {
      const { prompts, skipped } = await read('a.csv', 'title,prompt\na,"1\n2\n3"\nb,\n\nc,x\n');
      const lines = [...prompts, ...skipped].map(({ source }) => source.split(':').pop());
      assert.deepEqual(lines, ['2', '7', '5']);
    });

    it('takes nothing of a file with ragged rows and names their lines', async () => {
      await assert.rejects(read('a.csv', 'title,prompt\na,"x\ny"\nb\nc,d\ne,f,g\n'), (error: never) => {
        const { code, details } = error as { code: string; details: { line: number; reason: string } };
        return code === 'BAD_FILE' && details.line === 4 && /line 4 \(1\), 6 \(3\)/.test(details.reason);
      });
    });

    it('refuses a file without the columns, and an open quote', async () => {
      for (const csv of ['', 'a,b\n1,2\n', 'title,prompt,title\n1,2,3\n', 'title,prompt\na,"open\n']) {
        await assert.rejects(read('a.csv', csv), { code: 'BAD_FILE' }, csv);
      }
    });
  });

  describe('json and yaml', () => {
    const shown = {
      ...{ path: 'support/triage', title: 'Triage', version: '2.3', stage: 'PRD', hash: 'sha256:00', tags: ['a'] },
      ...{ description: 'D', messages: [{ role: 'system', content: 'S' }, ...user('U {{x}}')], rationale: 'R' },
      ...{ settings: { temperature: 0, stop: ['a'] }, variables: [{ name: 'x', default: '1', description: 'an x' }] },
    };
    const expected = (({ path, version, stage, hash, ...rest }) => ({ ...rest, name: path }))(shown);

    it('reads the version shape, alone, in a list and under prompts', async () => {
      for (const data of [shown, [shown], { prompts: [shown] }]) {
        const { prompts, notes } = await read('a.json', JSON.stringify(data));
        const { source, namesPath, defaultTitle, ...rest } = prompts[0]!;
        assert.deepEqual(rest, expected);
        assert.deepEqual(notes, []);
      }
    });

    it('reads the same from YAML, block texts included', async () => {
      const yaml = 'path: a/b\nsystem: Be kind\nprompt: |\n  Line one\n  Line two\ntags: x, y\nmodel: gpt\n';
      const { prompts } = await read('a.yaml', yaml);
      assert.deepEqual(prompts[0]?.messages, [{ role: 'system', content: 'Be kind' }, ...user('Line one\nLine two\n')]);
      assert.deepEqual([prompts[0]?.tags, prompts[0]?.settings], [['x', 'y'], { model: 'gpt' }]);
    });

    it('skips what is wrong in a list, by its number, and refuses it alone', async () => {
      const wrong = [
        ...[{}, 7, { messages: [] }, { messages: [{ role: 'robot', content: 'x' }] }, { prompt: ' ' }],
        ...[{ messages: [{ role: 'user' }] }, { prompt: 'x', settings: [] }, { prompt: 'x', variables: [{}] }],
      ];
      const { prompts, skipped } = await read('a.json', JSON.stringify([...wrong, { prompt: 'good' }]));
      assert.deepEqual([prompts.length, skipped.length], [1, wrong.length]);
      assert.ok(skipped[2]?.source.endsWith('a.json#3'));
      for (const one of wrong) await assert.rejects(read('a.json', JSON.stringify(one)), { code: 'BAD_FILE' });
    });

    it('lets no key reach a prototype', async () => {
      const json =
        '[{"prompt":"x","__proto__":{"title":"evil"}},{"prompt":"y","settings":{"a":{"__proto__":{"b":1}}}}]';
      const { prompts, skipped } = await read('a.json', json);
      assert.deepEqual([prompts.length, prompts[0]?.title, skipped.length], [1, undefined, 1]);
      assert.equal(Object.hasOwn(Object.prototype, 'b'), false);
    });

    it('refuses broken files with the line, and bombs at once', async () => {
      const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`)}]`)
        .join('\n')}\nprompt: x\n`;
      for (const yaml of [
        bomb,
        'prompt: !!js/function x',
        'prompt: "open',
        'a: 1\na: 2',
        `prompt: ${'x'.repeat(1 << 20)}`,
      ]) {
        const started = performance.now();
        await assert.rejects(read('a.yaml', yaml), { code: 'BAD_FILE' });
        assert.ok(performance.now() - started < 8000);
      }
      await assert.rejects(read('a.yaml', 'x: 1\ny: "open\n'), (error: never) => {
        return (error as { details: { line: number } }).details.line >= 2;
      });
      await assert.rejects(read('a.json', '{"prompt": '), { code: 'BAD_FILE' });
    });
  });

  describe('encodings', () => {
    it('refuses what is not UTF-8 and says where', async () => {
      const utf16 = Buffer.from('\ufefftext', 'utf16le');
      for (const bytes of [utf16, Buffer.from(utf16).swap16(), Buffer.from('a\0b')]) {
        await assert.rejects(read('a.md', bytes), { code: 'BAD_FILE' });
      }
      await assert.rejects(read('a.md', Buffer.from('one\ntwo f\u00fcr\n', 'latin1')), (error: never) => {
        const { code, details } = error as { code: string; details: { line: number } };
        return code === 'BAD_FILE' && details.line === 2;
      });
    });

    it('refuses a prompt above 10 MB', async () => {
      await assert.rejects(read('a.txt', 'x'.repeat(10 * 1024 * 1024 + 1)), { code: 'BAD_FILE' });
    });
  });
});
