import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portableName } from '../../../src/lab/portableName.ts';
import { temporaryFolder } from '../../support/vaultBuilders.ts';

describe('portableName', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());
  const project = join(folder.path, 'project');
  const vault = join(project, '.promptvault/vault.db');
  const cases = join(project, 'data/cases.csv');

  before(() => {
    for (const one of [join(project, '.promptvault'), join(project, 'data')]) mkdirSync(one, { recursive: true });
    for (const file of [vault, cases, join(folder.path, 'elsewhere.csv')]) writeFileSync(file, '');
    symlinkSync(project, join(folder.path, 'link'));
  });

  it('is relative to the project of the vault', () => {
    assert.equal(portableName(vault, cases), 'data/cases.csv');
  });

  it('sees through links', () => {
    assert.equal(portableName(vault, join(folder.path, 'link/data/cases.csv')), 'data/cases.csv');
  });

  it('stays whole outside of it', () => {
    const outside = join(folder.path, 'elsewhere.csv');
    assert.equal(portableName(vault, outside), outside);
  });
});
