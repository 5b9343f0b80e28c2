"""Several bodies in one: what a source sends within a moment looks alike, and is stored together for a tenth."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import msgspec

LEVEL = 1  # of zlib: most of the gain for a few microseconds

_many = msgspec.msgpack.Decoder(list[bytes])


def pack(bodies: Sequence[bytes]) -> bytes:
    """One body packed with zlib as it is; several as a MessagePack list of them, in their order."""
    return zlib.compress(bodies[0] if len(bodies) == 1 else msgspec.msgpack.encode(bodies), LEVEL)


def unpack(packed: bytes, held: int) -> list[bytes]:
    """The `held` bodies. Raises zlib.error or msgspec.DecodeError when the bytes are not what `pack` made."""
    whole = zlib.decompress(packed)
    return [whole] if held == 1 else _many.decode(whole)
