"""Bodies packed together come out as they went in."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.detect.rules.bundle import pack, unpack


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_they_come_out_as_they_went_in(bodies: list[bytes]) -> None:
    assert unpack(pack(bodies), len(bodies)) == bodies


def test_one_body_stands_by_itself() -> None:
    assert zlib.decompress(pack([b"{}"])) == b"{}"


def test_what_was_not_packed_here_is_refused() -> None:
    with pytest.raises(zlib.error):
        unpack(b"{}", 1)
    with pytest.raises(struct.error):
        unpack(zlib.compress(b"{}"), 2)
    with pytest.raises(struct.error):
        unpack(zlib.compress(zlib.decompress(pack([b"{}", b"[]"])) + b"!"), 2)
