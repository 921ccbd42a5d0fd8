"""Passwords hashed by Argon2id (RFC 9106, its second recommended parameters)."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """Return what the store keeps of a password."""
    return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


def verify_password(hashed: str, password: str) -> bool:
    """Say whether a password is the hashed one.

    Where there is no hash, it takes as long as where there is one: time tells nobody which names
    exist.
    """
    try:
        _HASHER.verify(hashed or _nobodys(), password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("of nobody")
