"""Which addresses a connection outward may reach. Our own list: `ipaddress`'s flags miss some on Python 3.11."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IANA special-purpose registries (RFC 6890 and successors), and the ranges that carry IPv4 inside IPv6.
NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
        "3fff::/20", "5f00::/16", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128",
    )
)  # fmt: skip
PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)  # fmt: skip
MAPPED = ipaddress.ip_network("::ffff:0:0/96")
COMPATIBLE = ipaddress.ip_network("::/96")


def may_reach(address: Address, *, allowed: Sequence[Network] = ()) -> tuple[bool, str]:
    """Whether to connect, and why not. `allowed` opens private ranges only; link-local and metadata stay shut."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in MAPPED:
            return may_reach(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF), allowed=allowed)
        if address in COMPATIBLE and address != ipaddress.IPv6Address("::1"):
            return False, f"{address} carries another address inside"
    if any(address.version == net.version and address in net for net in NEVER):
        return False, f"{address} is not an address for this"
    if any(address.version == net.version and address in net for net in PRIVATE):
        if any(address.version == net.version and address in net for net in allowed):
            return True, "private, opened by FIRSTCALL_EGRESS_ALLOW"
        return False, f"{address} is private; FIRSTCALL_EGRESS_ALLOW can open it"
    return True, "public"
