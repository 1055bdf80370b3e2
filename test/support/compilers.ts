import { execFile } from 'node:child_process';
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A source text; `name` is of letters, digits and dashes, and unlike those of others in the folder. `crates` are Rust's. */
export type Program = {
  folder: string;
  name: string;
  text: string;
  env: NodeJS.ProcessEnv;
  crates?: readonly string[];
};
/** What a language needs to run is not on this machine. */
export class NotHere extends Error {}

const interpreter =
  (command: string, ending: string, options: readonly string[] = []) =>
  async ({ folder, name, text, env }: Program): Promise<string> => {
    const file = `${name}.${ending}`;
    await writeFile(join(folder, file), text);
    return (await run(command, [...options, file], { cwd: folder, env })).stdout;
  };

const programs: { readonly [language: string]: (program: Program) => Promise<string> } = {
  TypeScript: interpreter(process.execPath, 'mts'),
  JavaScript: interpreter(process.execPath, 'mjs'),
  Python: interpreter('python3', 'py'),
  Shell: interpreter('sh', 'sh'),
  Ruby: interpreter('ruby', 'rb', ['-W']),
  PHP: interpreter('php', 'php', ['-d', 'display_errors=stderr', '-d', 'error_reporting=-1']),
  async Go({ folder, name, text, env }) {
    const file = join(folder, `${name}.go`);
    await writeFile(file, text);
    await run('go', ['vet', file], { cwd: folder, env });
    return (await run('go', ['run', file], { cwd: folder, env })).stdout;
  },
  async Java({ folder, name, text, env }) {
    const file = join(folder, `${name}.java`);
    await writeFile(file, text);
    return (await run('java', ['-cp', (await jacksonJars()).join(delimiter), file], { cwd: folder, env })).stdout;
  },
  async 'C#'({ folder, name, text, env }) {
    const project = join(folder, name);
    await mkdir(project, { recursive: true });
    const framework = '<TargetFramework>net8.0</TargetFramework><OutputType>Exe</OutputType>';
    const settings = '<ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>';
    const properties = `<PropertyGroup>${framework}${settings}</PropertyGroup>`;
    await writeFile(join(project, `${name}.csproj`), `<Project Sdk="Microsoft.NET.Sdk">${properties}</Project>`);
    await writeFile(join(project, 'Program.cs'), text);
    return (await run('dotnet', ['run', '--project', project], { cwd: folder, env })).stdout;
  },
  async Rust({ folder, name, text, env, crates = ['serde_json = "1"'] }) {
    const project = join(folder, name);
    const manifest = ['[package]', `name = "${name}"`, 'version = "0.1.0"', 'edition = "2021"', '[dependencies]'];
    await mkdir(join(project, 'src'), { recursive: true });
    await writeFile(join(project, 'Cargo.toml'), [...manifest, ...crates, ''].join('\n'));
    await writeFile(join(project, 'src/main.rs'), text);
    const source = await cargoSource();
    await run('cargo', [...source, 'generate-lockfile', '--quiet'], { cwd: project }).catch((error: Error) => {
      throw new NotHere(
        `its crates cannot be had: ${error.message.split('\n').find((line) => /error/.test(line)) ?? ''}`,
      );
    });
    await run('cargo', [...source, 'build', '--quiet'], { cwd: project });
    return (await run(join(project, 'target/debug', name), [], { cwd: folder, env })).stdout;
  },
};
export const compiledLanguages = Object.keys(programs);

/** What a program prints. Fails with NotHere where its language cannot be run. */
export async function runProgram(language: string, program: Program): Promise<string> {
  try {
    return await programs[language]!(program);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new NotHere(`${language}: ${(error as Error).message}`);
    throw error;
  }
}

/** Those of Maven's local repository, three of one version. */
async function jacksonJars(): Promise<string[]> {
  const core = join(homedir(), '.m2/repository/com/fasterxml/jackson/core');
  const versions = await readdir(join(core, 'jackson-databind')).catch(() => []);
  for (const version of versions) {
    const jars = ['databind', 'core', 'annotations'].map((name) =>
      join(core, `jackson-${name}/${version}/jackson-${name}-${version}.jar`),
    );
    if ((await Promise.allSettled(jars.map((jar) => access(jar)))).every(({ status }) => status === 'fulfilled'))
      return jars;
  }
  throw new NotHere('Maven has no Jackson here');
}

/** Crates that the system's packages have are taken from there, so that no network is needed. */
async function cargoSource(): Promise<string[]> {
  const folder = '/usr/share/cargo/registry';
  const crates = await readdir(folder).catch(() => []);
  if (!crates.some((name) => name.startsWith('serde_json'))) return [];
  const settings = ['source.crates-io.replace-with="system"', `source.system.directory="${folder}"`];
  return settings.flatMap((setting) => ['--config', setting]);
}
