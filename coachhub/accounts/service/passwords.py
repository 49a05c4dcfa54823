"""Hashing passwords with argon2id, and never telling by the time it takes whether there is one."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from coachhub.accounts.rules.passwords import TYPED_AT_MOST, plain

# OWASP's second choice: 48 ms here. The library's own default costs three times as much and guards no better.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_of_password(password: str) -> str:
    """What is kept of a password: argon2id with its parameters and a salt."""
    return _HASHER.hash(plain(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether this is the password. Where none is kept a dummy is checked, so the answer takes as long."""
    typed = plain(password) if len(password) <= TYPED_AT_MOST else ""  # nobody's, and not worth an hour of composing
    try:
        _HASHER.verify(kept or _dummy(), typed)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a kept hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _dummy() -> str:
    return _HASHER.hash("nobody has this password")
