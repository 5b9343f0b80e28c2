"""Which addresses a connection outward may reach."""

from __future__ import annotations

import ipaddress

import pytest

from firstcall.deliver.rules.address import may_reach

SHUT = [
    "127.0.0.1",
    "127.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "0.0.0.0",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:db8::1",
    "2001::1",
    "fc00::1",
    "fd12::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "100::1",
    "3fff::1",
    "5f00::1",
    "::ffff:169.254.169.254",
]
OPEN = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("text", SHUT)
def test_shut(text: str) -> None:
    assert may_reach(ipaddress.ip_address(text))[0] is False


@pytest.mark.parametrize("text", OPEN)
def test_open(text: str) -> None:
    assert may_reach(ipaddress.ip_address(text)) == (True, "public")


@pytest.mark.parametrize(
    ("text", "opened", "expected"),
    [
        ("127.0.0.1", "127.0.0.0/8", True),
        ("::ffff:127.0.0.1", "127.0.0.0/8", True),
        ("10.1.2.3", "10.1.0.0/16", True),
        ("10.2.2.3", "10.1.0.0/16", False),
        ("169.254.169.254", "169.254.0.0/16", False),
        ("fe80::1", "::/0", False),
    ],
)
def test_private_ranges_can_be_opened_but_never_metadata(text: str, opened: str, expected: bool) -> None:
    assert may_reach(ipaddress.ip_address(text), allowed=[ipaddress.ip_network(opened)])[0] is expected
