"""Several bodies in one: what a source sends within a moment looks alike, and is stored together for a tenth."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate, pairwise

LEVEL = 1  # of zlib: most of the gain for a few microseconds


def pack(bodies: Sequence[bytes]) -> bytes:
    """One body packed with zlib as it is; several behind their lengths (each 4 bytes, big-endian), in their order."""
    if len(bodies) == 1:
        return zlib.compress(bodies[0], LEVEL)
    return zlib.compress(b"".join((struct.pack(_lengths(len(bodies)), *map(len, bodies)), *bodies)), LEVEL)


def unpack(packed: bytes, held: int) -> list[bytes]:
    """The `held` bodies. Raises zlib.error or struct.error when the bytes are not what `pack` made."""
    whole = zlib.decompress(packed)
    if held == 1:
        return [whole]
    shape = _lengths(held)
    places = list(accumulate(struct.unpack_from(shape, whole), initial=struct.calcsize(shape)))
    if places[-1] != len(whole):
        raise struct.error("the bodies are not as long as they were")
    return [whole[start:end] for start, end in pairwise(places)]


def _lengths(held: int) -> str:
    return f">{held}I"
