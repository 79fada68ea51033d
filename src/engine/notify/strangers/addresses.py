"""Judges addresses by Python's ipaddress: reads lines "ADDRESS 0|1" (1: we call it public) and prints where it
differs, or "judged N addresses"."""
import ipaddress, sys

# What Debian's Python does not know yet, or calls global although nobody is to be reached there.
MORE = [ipaddress.ip_network(net) for net in
        ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "3fff::/20", "64:ff9b:1::/48")]
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(ip):
    if ip.version == 6:
        inside = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64:
            inside = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
        if ip not in ipaddress.ip_network("2000::/3") or ip.is_site_local:
            return False
    special = (ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified or
               ip.is_reserved or not ip.is_global)
    return not special and not any(ip.version == net.version and ip in net for net in MORE)


count, faults = 0, []
for line in sys.stdin:
    address, ours = line.split()
    count += 1
    if is_public(ipaddress.ip_address(address)) != (ours == "1"):
        faults.append(f"{address}: we say {ours}")
print("\n".join(faults[:20]) if faults else f"judged {count} addresses")
