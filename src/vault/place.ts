import { spawnSync } from 'node:child_process';
import { realpathSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { VaultPlace } from './careTypes.ts';

type Kind = { name: string; network: boolean };
/** Linux' `statfs` types (`statfs(2)`, linux/magic.h) whose locks cannot be relied on, and some that can. */
const kinds: { readonly [type: number]: Kind } = {
  26985: { name: 'NFS', network: true },
  20859: { name: 'SMB', network: true },
  4283649346: { name: 'CIFS', network: true },
  4266872130: { name: 'SMB2', network: true },
  16914839: { name: '9P', network: true },
  1397113167: { name: 'AFS', network: true },
  12805120: { name: 'Ceph', network: true },
  1196443219: { name: 'GPFS', network: true },
  198183888: { name: 'Lustre', network: true },
  2020557398: { name: 'VirtualBox shared folder', network: true },
  3133910204: { name: 'VMware shared folder', network: true },
  1702057286: { name: 'FUSE (such as sshfs or a shared folder)', network: true },
  61267: { name: 'ext', network: false },
  1481003842: { name: 'XFS', network: false },
  2435016766: { name: 'Btrfs', network: false },
  16914836: { name: 'tmpfs', network: false },
  2035054128: { name: 'overlay', network: false },
  801189825: { name: 'ZFS', network: false },
};
const unknown: Kind = { name: 'unknown', network: false };

/** How the system is asked. */
type Ask = {
  platform: NodeJS.Platform;
  /** Linux: the type number of a folder's file system. */
  typeOf(folder: string): number;
  /** The folder with links, and on Windows mapped drives, resolved. */
  realOf(folder: string): string;
  /** macOS: what `mount` prints. */
  mounts(): string;
};
let printed: { at: number; text: string } | undefined;
const real: Ask = {
  platform: process.platform,
  typeOf: (folder) => statfsSync(folder).type,
  realOf: (folder) => realpathSync.native(folder),
  mounts() {
    // Asked at every look at a vault, and drives seldom come and go.
    if (!printed || performance.now() - printed.at > 60_000) {
      const { stdout } = spawnSync('/sbin/mount', { encoding: 'utf8', timeout: 2000 });
      printed = { at: performance.now(), text: stdout ?? '' };
    }
    return printed.text;
  },
};

/**
 * On what a vault lies. Several machines that write one file over a network rely on locks that many such file systems do
 * not keep (sqlite.org/howtocorrupt, 2.1). What the system does not tell is unknown, and not warned about.
 */
export function placeOf(file: string, ask: Partial<Ask> = {}): VaultPlace {
  const { name, network } = kindOf(file, { ...real, ...ask });
  const warning = network
    ? `The vault lies on ${name}, where locks of several machines may not hold. Write to it from one machine at a time, or keep it on a local disk and share it through git`
    : null;
  return { fileSystem: name, network, warning };
}

function kindOf(file: string, { platform, typeOf, realOf, mounts }: Ask): Kind {
  const folder = dirname(file);
  try {
    if (platform === 'win32') return isUnc(file) || isUnc(realOf(folder)) ? windowsShare : unknown;
    if (platform === 'darwin') return mountedAt(realOf(folder), mounts());
    if (platform !== 'linux') return unknown;
    // A signed 32-bit number on some machines.
    const type = typeOf(folder) >>> 0;
    return kinds[type] ?? { name: `0x${type.toString(16)}`, network: false };
  } catch {
    // There is no such folder.
    return unknown;
  }
}

const windowsShare: Kind = { name: 'a network drive', network: true };
const isUnc = (path: string) => /^(\\\\\?\\UNC\\|\\\\(?![?.]\\)|\/\/(?![?.]\/))/i.test(path);

/** The mount that a folder is on, as `<device> on <point> (<type>, <flag>, …)` says it. What is not `local` is a network's. */
function mountedAt(folder: string, text: string): Kind {
  const mounts = text.split('\n').flatMap((line) => {
    const [, point, flags] = / on (\/.*) \(([^)]*)\)$/.exec(line) ?? [];
    return point === undefined || flags === undefined ? [] : [{ point, flags: flags.split(', ') }];
  });
  const holds = (point: string) => point === '/' || folder === point || folder.startsWith(`${point}/`);
  const [nearest] = mounts.filter(({ point }) => holds(point)).sort((a, b) => b.point.length - a.point.length);
  if (!nearest) return unknown;
  const [name = ''] = nearest.flags;
  return { name, network: !nearest.flags.includes('local') };
}
