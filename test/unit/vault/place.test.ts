import assert from 'node:assert/strict';
import { placeOf } from '../../../src/vault/place.ts';

/** What `mount` printed on Macs with a share of each kind. */
const mounts = `/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect, root data)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
//priya@nas.local/Team on /Volumes/Team (smbfs, nodev, nosuid, mounted by priya)
nas.local:/export/prompts on /Volumes/prompts (nfs, nodev, nosuid, mounted by priya)
//priya@old.local/Share%20(old) on /Volumes/Share (old) (afpfs, nodev, nosuid, mounted by priya)
https://dav.example.com/ on /Volumes/dav (webdav, nodev, noexec, nosuid, mounted by priya)
priya@server:/home on /Volumes/server (macfuse, nodev, nosuid, synchronous, mounted by priya)
/dev/disk4s1 on /Volumes/Team Stick (msdos, local, nodev, nosuid, noowners)
`;
const onMac = (folder: string) =>
  placeOf(`${folder}/vault.db`, { platform: 'darwin', mounts: () => mounts, realOf: (path) => path });

describe('where a vault lies', () => {
  it('on macOS is the nearest mount, and a network’s unless it is local', () => {
    const seen = [
      '/Users/priya/work',
      '/Volumes/Team',
      '/Volumes/Team/a/b',
      '/Volumes/prompts/x',
      '/Volumes/Share (old)/x',
    ];
    seen.push('/Volumes/dav/x', '/Volumes/server', '/Volumes/Team Stick/x', '/Volumes/Teams');
    assert.deepEqual(
      seen.map(onMac).map(({ fileSystem, network }) => [fileSystem, network]),
      [
        ['apfs', false],
        ['smbfs', true],
        ['smbfs', true],
        ['nfs', true],
        ['afpfs', true],
        ['webdav', true],
        ['macfuse', true],
        ['msdos', false],
        ['apfs', false],
      ],
    );
    assert.match(onMac('/Volumes/Team').warning ?? '', /one machine at a time/);
  });

  it('on macOS is followed through links, and unknown when mount says nothing', () => {
    const linked = { platform: 'darwin', mounts: () => mounts, realOf: () => '/Volumes/Team/prompts' } as const;
    assert.equal(placeOf('/Users/priya/prompts/vault.db', linked).network, true);
    assert.equal(placeOf('/x/vault.db', { ...linked, mounts: () => '' }).fileSystem, 'unknown');
  });

  it('on Windows is a network’s when the drive is a mapped one: its real path is the share’s', () => {
    const mapped = (folder: string) => folder.replace(/^Z:/, '\\\\nas\\team').replace(/^Y:/, '\\\\?\\UNC\\nas\\team');
    const on = (folder: string) => placeOf(`${folder}/vault.db`, { platform: 'win32', realOf: mapped });
    assert.deepEqual(
      ['Z:/prompts', 'Y:/prompts', 'C:/prompts'].map((folder) => on(folder).network),
      [true, true, false],
    );
  });

  it('is unknown on another system, and where nothing is', () => {
    assert.equal(placeOf('/x/vault.db', { platform: 'freebsd' }).fileSystem, 'unknown');
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      assert.equal(
        placeOf('/no/such/folder/vault.db', { platform, mounts: () => mounts }).fileSystem,
        'unknown',
        platform,
      );
    }
  });
});
