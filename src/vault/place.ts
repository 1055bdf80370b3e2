import { statfsSync } from 'node:fs';
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

type Ask = { platform: NodeJS.Platform; typeOf(folder: string): number };
const real: Ask = { platform: process.platform, typeOf: (folder) => statfsSync(folder).type };

/**
 * On what a vault lies. Several machines that write one file over a network rely on locks that many such file systems do
 * not keep (sqlite.org/howtocorrupt, 2.1). Known by name on Linux; on Windows by the path; elsewhere unknown.
 */
export function placeOf(file: string, { platform, typeOf }: Ask = real): VaultPlace {
  const { name, network } = kindOf(file, { platform, typeOf });
  const warning = network
    ? `The vault lies on ${name}, where locks of several machines may not hold. Write to it from one machine at a time, or keep it on a local disk and share it through git`
    : null;
  return { fileSystem: name, network, warning };
}

function kindOf(file: string, { platform, typeOf }: Ask): Kind {
  if (platform === 'win32') {
    const unc = /^(\\\\\?\\UNC\\|\\\\(?![?.]\\)|\/\/(?![?.]\/))/i.test(file);
    return unc ? { name: 'a network drive', network: true } : { name: 'unknown', network: false };
  }
  if (platform !== 'linux') return { name: 'unknown', network: false };
  try {
    // A signed 32-bit number on some machines.
    const type = typeOf(dirname(file)) >>> 0;
    return kinds[type] ?? { name: `0x${type.toString(16)}`, network: false };
  } catch {
    return { name: 'unknown', network: false };
  }
}
