import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLibrary } from '../../../src/server/library/openLibrary.ts';
import { temporaryFolder } from '../../support/vaultBuilders.ts';

describe('the files of the web library', () => {
  const folder = temporaryFolder();
  const built = join(folder.path, 'dist');
  after(folder.remove);

  function build(script: string) {
    mkdirSync(built, { recursive: true });
    mkdirSync(join(folder.path, 'media'), { recursive: true });
    writeFileSync(join(built, 'library.js'), `${script}\n//# sourceMappingURL=library.js.map\n`);
    writeFileSync(join(built, 'library.css'), 'body{}\n/*# sourceMappingURL=library.css.map */\n');
    writeFileSync(join(folder.path, 'media', 'promptvault.svg'), '<svg/>');
    return openLibrary(built);
  }
  const linked = (html: string) => [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);

  it('are an index that holds nothing inline and links only to files that are served', () => {
    const files = build('run()');
    const index = files('/')!;
    const html = index.body.toString();
    assert.doesNotMatch(html, /<style|<script(?! type="module" src=)| on\w+=|https?:/);
    const links = linked(html);
    assert.equal(links.length, 3);
    for (const link of links) assert.ok(files(link), link);
    assert.equal(files('/library/other.js'), undefined);
  });

  it('may be loaded from nowhere else, framed by nobody, and turn no text into a script', () => {
    const files = build('run()');
    for (const path of ['/', ...linked(files('/')!.body.toString())]) {
      const policy = files(path)!.headers!['content-security-policy']!;
      assert.match(policy, /^default-src 'none'/);
      assert.match(policy, /frame-ancestors 'none'.*require-trusted-types-for 'script'/);
      assert.doesNotMatch(policy, /unsafe|http|\*|data:/);
    }
  });

  it('have names and tags that change with their content, are kept for ever, and name no other file', () => {
    const [one, two] = [build('run(1)'), build('run(2)')];
    const [scriptOne, scriptTwo] = [one, two].map((files) => linked(files('/')!.body.toString()).at(-1)!);
    assert.notEqual(scriptOne, scriptTwo);
    assert.notEqual(one('/')!.etag, two('/')!.etag);
    assert.match(two(scriptTwo!)!.cacheControl ?? '', /immutable/);
    assert.equal(two(scriptTwo!)!.body.toString(), 'run(2)\n\n');
    assert.doesNotMatch(one('/')!.cacheControl ?? '', /immutable/);
  });
});
