/**
 * Which addresses an origin may have: those of the public internet. Everything else (this machine,
 * private and carrier networks, link-local with its metadata services, reserved ranges) is refused by
 * not being on the list of what is allowed. Easily got wrong: IPv6 has many ways to spell an IPv4
 * address, and a gateway may take each of them to where the inner address leads.
 * @module
 */

import ipaddr from 'ipaddr.js';

/** Whether `address`, an IP address as a resolver gives it, is of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Mapped addresses (::ffff:a.b.c.d) become what they mean.
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'unicast') {
    if (parsed instanceof ipaddr.IPv4) return true;
    return parsed.match(GLOBAL_UNICAST) && !isIsatap(parsed);
  }
  // NAT64 (RFC 6052) is how networks of IPv6 alone reach the public IPv4 internet: the inner decides.
  if (parsed instanceof ipaddr.IPv6 && parsed.match(NAT64)) {
    return isPublicAddress(parsed.toByteArray().slice(12).join('.'));
  }
  return false;
}

/** All that IANA has given out; below it lie forms such as the IPv4-compatible `::a.b.c.d`. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** ISATAP (RFC 5214): an interface identifier that holds an IPv4 address; its prefix looks public. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [group4, group5] = address.parts.slice(4);
  return (group4 === 0 || group4 === 0x0200) && group5 === 0x5efe;
}
