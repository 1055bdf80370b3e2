#!/usr/bin/env node
// Nothing that loads the database driver is imported before the version is known: on an old Node it would crash in silence.
if (Number(process.versions.napi) >= 10) {
  void import('./main.ts').then(({ main }) => main());
} else {
  process.stderr.write(`promptvault needs Node.js 22.14 or newer; this is ${process.version}. https://nodejs.org\n`);
  process.exitCode = 1;
}
