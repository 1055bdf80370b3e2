import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { VaultError } from '../shared/errors.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

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
forbidden.addSubnet('2002::', 16, 'ipv6');

/** Whether a prompt may be sent to the address: never link-local or metadata ones, without TLS only to this machine. */
export function isAllowedAddress(address: string, encrypted: boolean): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || forbidden.check(address, family)) return false;
  return encrypted || loopback.check(address, family);
}

/** A name's addresses at the moment of connecting, so that what was checked is what is connected to. */
export function checkedLookup(encrypted: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [], 0);
      const bad = addresses.find(({ address }) => !isAllowedAddress(address, encrypted));
      if (bad) return callback(refusal(hostname, bad.address, encrypted), [], 0);
      if (options.all) return callback(null, addresses);
      const first = addresses[0]!;
      callback(null, first.address, first.family);
    });
  };
}

/** Checks a host written as an address, which is never looked up. `hostname` is as a URL has it. */
export function requireAllowedHost(hostname: string, encrypted: boolean): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isAllowedAddress(bare, encrypted)) throw refusal(hostname, bare, encrypted);
}

function refusal(hostname: string, address: string, encrypted: boolean): VaultError {
  const why = encrypted
    ? 'a link-local or metadata address, to which prompts are never sent'
    : 'not this machine, so it needs https';
  return new VaultError('INVALID_INPUT', `${hostname} is ${address}: ${why}`, { field: 'url' });
}
