import { spawnSync } from 'node:child_process';

// npm run coverage: prints what the tests reach in the rooms that people's data depend on, and fails below the goal.
const goal = 95;
const tests = [
  'test/unit/vault/**/*.test.ts',
  'test/unit/engine/**/*.test.ts',
  ...['engineProcess', 'secondOpen', 'careVerbs', 'readOnlyPlaces', 'sharedVault'].map(
    (name) => `test/engine/${name}.test.ts`,
  ),
];
// Types have no code to reach.
const types = ['types', 'careTypes', 'diffTypes', 'connect', 'engine', 'panels'].flatMap((name) => [
  '--exclude',
  `src/{vault,engine}/${name}.ts`,
]);
const { status } = spawnSync(
  'npx',
  [
    ...['c8', '--all', '--src', 'src', '--include', 'src/vault/**', '--include', 'src/engine/**', ...types],
    ...[
      '--reporter',
      'text',
      '--reporter',
      'json',
      '--check-coverage',
      '--branches',
      goal,
      '--lines',
      goal,
      '--statements',
      goal,
    ],
    ...['--functions', 0, '--temp-directory', '.vscode-test/coverage/tmp', '--reports-dir', '.vscode-test/coverage'],
    ...['mocha', '--timeout', '120000', ...tests],
  ].map(String),
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
