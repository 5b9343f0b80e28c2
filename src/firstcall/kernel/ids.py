"""Secrets and digests of them. A secret is stored only as its digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets

KEY_BITS = 160


def new_token(bits: int = 128) -> str:
    """A random secret of `bits` bits, safe in a URL."""
    return secrets.token_urlsafe(bits // 8)


def new_intake_key() -> str:
    """An intake key: 160 random bits after the prefix by which a leaked one is found."""
    return "fci_" + secrets.token_urlsafe(KEY_BITS // 8)


def new_api_token() -> str:
    """A person's API token: 160 random bits after the prefix by which a leaked one is found."""
    return "fct_" + secrets.token_urlsafe(KEY_BITS // 8)


def digest(secret: str) -> str:
    """What is stored of a high-entropy secret: SHA-256 in hex (no salt needed at 128 bits and more)."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def derived_token(key: bytes, *parts: object) -> str:
    """A 128-bit secret that can be made again from `key`, so that a repeated send carries the same link."""
    text = "\x1f".join(str(part) for part in parts)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
