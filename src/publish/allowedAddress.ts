import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { VaultError } from '../shared/errors.ts';

/**
 * How far a request may go. `loopback`: without TLS, to this machine alone. `anywhere`: with TLS, private networks and this
 * machine too. `public`: with TLS, and neither of these. Never to link-local or metadata addresses.
 */
export type Reach = 'loopback' | 'anywhere' | 'public';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const privateNets = new BlockList();
privateNets.addSubnet('10.0.0.0', 8, 'ipv4');
privateNets.addSubnet('172.16.0.0', 12, 'ipv4');
privateNets.addSubnet('192.168.0.0', 16, 'ipv4');
privateNets.addSubnet('100.64.0.0', 10, 'ipv4');
privateNets.addSubnet('192.0.0.0', 24, 'ipv4');
privateNets.addSubnet('198.18.0.0', 15, 'ipv4');
privateNets.addSubnet('fc00::', 7, 'ipv6');
privateNets.addSubnet('fec0::', 10, 'ipv6');

// Addresses behind which a cloud hands its machine's credentials to whoever asks, and those that are nobody's.
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('0.0.0.0', 8, 'ipv4');
forbidden.addSubnet('224.0.0.0', 3, 'ipv4');
forbidden.addAddress('100.100.100.200', 'ipv4');
forbidden.addAddress('192.0.0.192', 'ipv4');
forbidden.addAddress('168.63.129.16', 'ipv4');
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addSubnet('ff00::', 8, 'ipv6');
forbidden.addSubnet('fd00:ec2::', 32, 'ipv6');
forbidden.addAddress('fd20:ce::254', 'ipv6');
// Other spellings of IPv4 addresses, which would let those above through.
forbidden.addSubnet('64:ff9b::', 96, 'ipv6');
forbidden.addSubnet('64:ff9b:1::', 48, 'ipv6');
forbidden.addSubnet('2002::', 16, 'ipv6');
forbidden.addSubnet('2001::', 32, 'ipv6');
forbidden.addSubnet('::', 96, 'ipv6');
forbidden.addSubnet('::ffff:0:0:0', 96, 'ipv6');

/** Whether something may be sent to the address. */
export function isAllowedAddress(address: string, reach: Reach): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return false;
  // ::1 lies among the old spellings of IPv4.
  const own = loopback.check(address, family);
  if (reach === 'loopback') return own;
  if (own) return reach === 'anywhere';
  if (forbidden.check(address, family)) return false;
  return reach === 'anywhere' || !privateNets.check(address, family);
}

/** A name's addresses at the moment of connecting, so that what was checked is what is connected to. */
export function checkedLookup(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [], 0);
      const bad = addresses.find(({ address }) => !isAllowedAddress(address, reach));
      if (bad) return callback(refusal(hostname, bad.address, reach), [], 0);
      if (options.all) return callback(null, addresses);
      const first = addresses[0]!;
      callback(null, first.address, first.family);
    });
  };
}

/** Checks a host written as an address, which is never looked up. `hostname` is as a URL has it. */
export function requireAllowedHost(hostname: string, reach: Reach): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isAllowedAddress(bare, reach)) throw refusal(hostname, bare, reach);
}

const reasons: { readonly [R in Reach]: string } = {
  loopback: 'not this machine, so it needs https',
  anywhere: 'a link-local or metadata address, to which nothing is ever sent',
  public: 'an address of this machine, a private network or a metadata service. Set allowPrivate if it is meant',
};

function refusal(hostname: string, address: string, reach: Reach): VaultError {
  return new VaultError('INVALID_INPUT', `${hostname} is ${address}: ${reasons[reach]}`, { field: 'url' });
}
