"""Links that mails carry: signed row ids, never stored. What a link may do is decided by its row, not by the link."""

import hashlib
import hmac
import re
from functools import lru_cache
from uuid import UUID

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import SigningAlgorithm
from pydantic import SecretStr

from coachhub.platform.ports import ports

_ID_BYTES = 16
_WRITTEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")  # 256 bits end with two that are 0


def sign(purpose: str, *ids: UUID) -> str:
    """A token naming these rows, for one purpose only; short, because friends get it by text message."""
    packed = base64_encode(b"".join(row_id.bytes for row_id in ids))
    return _signer(purpose).sign(packed).decode()


def read(purpose: str, token: str) -> tuple[UUID, ...] | None:
    """The ids in a token signed for this purpose, also under a former key; None where the signature is not ours.

    A token is written in one way only: decoding passes over signs that say nothing, and limits are counted by token.
    """
    if not _WRITTEN.fullmatch(token):
        return None
    try:
        packed = base64_decode(_signer(purpose).unsign(token))
    except (BadSignature, UnicodeEncodeError):
        return None
    return tuple(UUID(bytes=packed[start : start + _ID_BYTES]) for start in range(0, len(packed), _ID_BYTES))


def _signer(purpose: str) -> Signer:
    settings = ports().settings
    return _signer_with(settings.secret_key, tuple(settings.secret_key_fallbacks), purpose)


class _Sha256(SigningAlgorithm):
    """The library's own HMAC in one step instead of several."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")


class _Signer(Signer):
    """The library's, which remembers what it derives from a key: a batch of mails has a thousand links."""

    def __init__(self, keys: tuple[str, ...], salt: str) -> None:
        how = (b".", "hmac", hashlib.sha256, _Sha256())
        super().__init__(list(keys), salt, *how)
        self._derived: dict[str | bytes | None, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        if secret_key not in self._derived:
            self._derived[secret_key] = super().derive_key(secret_key)
        return self._derived[secret_key]


@lru_cache(maxsize=64)
def _signer_with(newest: SecretStr, former: tuple[SecretStr, ...], purpose: str) -> _Signer:
    """The newest key comes last: it signs, and the former ones still read."""
    return _Signer(tuple(key.get_secret_value() for key in (*former, newest)), f"coachhub-{purpose}")
