import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { promptTypes, type TypedPrompt } from '../../../src/code/promptTypes.ts';
import { useFileTree } from '../../support/fileTree.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

const prompts: TypedPrompt[] = [
  {
    path: 'support/triage',
    title: 'Triage */ "mails"\n# of customers',
    version: '2.3',
    stage: 'PRD',
    variables: [
      { name: 'message', description: 'What they wrote */ """\n\\' },
      { name: 'tone', default: 'kind */ \n "' },
      { name: 'class' },
    ],
  },
  { path: 'legal/risk', title: '', version: '1.0', stage: 'TST', variables: [] },
  { path: 'legal-risk', title: 'Other', version: '1.0', stage: 'PRD', variables: [{ name: 'clause' }] },
  { path: '2nd/None', title: 'x', version: '1.0', stage: 'PRD', variables: [{ name: 'a', default: '' }] },
];

describe('promptTypes', () => {
  const tree = useFileTree();

  it('writes TypeScript with which right uses of the client compile and wrong ones do not', async () => {
    const uses = `import { createClient } from ${JSON.stringify(join(root, 'src/publish/client/client.ts'))};
import type { PromptPath, PromptVariables } from './prompts.ts';
const prompts = createClient<PromptVariables>({ source: { bundle: './prompts.json' }, fallback: { 'legal/risk': 'x' } });
export const path: PromptPath = 'legal-risk';
await prompts.get('support/triage', { variables: { message: 'hi', class: 1 } });
await prompts.get('support/triage', { range: '^2', variables: { message: ['a'], class: { b: null }, tone: 'dry' } });
await prompts.get('support/triage');
await prompts.get('legal/risk', { variables: {} });
await prompts.get('2nd/None', { variables: {} });
`;
    const wrong = [
      "await prompts.get('support/triaje');",
      "await prompts.get('support/triage', { variables: { message: 'hi' } });",
      "await prompts.get('support/triage', { variables: { message: 'hi', class: 1, tome: 'x' } });",
      "await prompts.get('support/triage', { variables: { message: () => 'hi', class: 1 } });",
      "await prompts.get('legal/risk', { variables: { clause: 'x' } });",
      "createClient<PromptVariables>({ source: { bundle: 'x' }, fallback: { 'legal/rsk': 'x' } });",
      "export const other: PromptPath = 'other';",
    ];
    const config = {
      compilerOptions: {
        ...{ target: 'es2023', lib: ['es2024', 'dom'], module: 'esnext', moduleResolution: 'bundler', strict: true },
        ...{ noEmit: true, allowImportingTsExtensions: true, skipLibCheck: true },
        ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
      },
      include: ['*.ts'],
    };
    await tree.write({
      'prompts.ts': promptTypes(prompts, 'typescript'),
      'right.ts': uses,
      'wrong.ts': uses.replace(/'x' \} \}\);[\s\S]*/, `'x' } });\n${wrong.join('\n')}\n`),
      'tsconfig.json': JSON.stringify(config),
    });
    const compiler = join(root, 'node_modules/.bin/tsc');
    const failed = await run(compiler, ['-p', '.', '--pretty', 'false'], { cwd: tree.folder }).then(
      () => assert.fail('wrong uses compile'),
      (error: { stdout: string }) => error.stdout,
    );
    const places = failed.split('\n').flatMap((line) => /^(\w+\.ts)\((\d+),/.exec(line)?.slice(1, 3).join(':') ?? []);
    assert.deepEqual(
      [...new Set(places)],
      wrong.map((_, index) => `wrong.ts:${index + 4}`),
    );
  });

  it('writes Python that compiles, with required and other keys, and a function for each prompt', async () => {
    await tree.write({ 'prompts.py': promptTypes(prompts, 'python'), 'none.py': promptTypes([], 'python') });
    const check = `
import ast, json, prompts, none, typing
parsed = ast.parse(open("prompts.py").read())
calls = [one for one in ast.walk(parsed) if isinstance(one, ast.FunctionDef) and [word.id for word in one.decorator_list] == ["overload"]]
keys = lambda one: [sorted(one.__required_keys__), sorted(one.__optional_keys__)]
names = ["SupportTriage", "LegalRisk", "LegalRisk_2", "P2ndNone"]
print(json.dumps({
  "keys": {name: keys(getattr(prompts, name)) for name in names},
  "paths": typing.get_args(prompts.PromptPath),
  "calls": [[ast.unparse(given.annotation) for given in one.args.posonlyargs[1:]] for one in calls],
  "none": [none.PromptPath is str, hasattr(none, "GetPrompt")],
}))`;
    const files = ['prompts.py', 'none.py'];
    execFileSync('python3', ['-m', 'py_compile', ...files], { cwd: tree.folder });
    const told = JSON.parse(execFileSync('python3', ['-c', check], { cwd: tree.folder, encoding: 'utf8' }));
    assert.deepEqual(told, {
      keys: {
        SupportTriage: [['class', 'message'], ['tone']],
        LegalRisk: [['clause'], []],
        LegalRisk_2: [[], []],
        P2ndNone: [[], ['a']],
      },
      paths: ['2nd/None', 'legal-risk', 'legal/risk', 'support/triage'],
      calls: [
        ["Literal['2nd/None']", 'P2ndNone'],
        ["Literal['legal-risk']", 'LegalRisk'],
        ["Literal['legal/risk']", 'LegalRisk_2'],
        ["Literal['support/triage']", 'SupportTriage'],
      ],
      none: [true, true],
    });
  });

  it('writes the same text for the same prompts, whatever their order', () => {
    for (const language of ['typescript', 'python'] as const) {
      assert.equal(promptTypes(prompts, language), promptTypes(prompts.toReversed(), language));
    }
  });
});
