"""Signed texts by itsdangerous, whose signers and keys are made once.

It makes a signer for each text, and a signer derives its key for each signature, though both depend on the secret and
on the salt alone.
"""

from typing import Any

from itsdangerous import Signer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode, want_bytes


class _Signer(TimestampSigner):
    """Remembers the key that it has derived of each secret."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._derived: dict[str | bytes | None, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        if secret_key not in self._derived:
            self._derived[secret_key] = super().derive_key(secret_key)
        return self._derived[secret_key]


class Signing(URLSafeTimedSerializer):
    """itsdangerous's, with one signer for each salt."""

    default_signer = _Signer

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._signers: dict[str | bytes | None, Signer] = {}

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """The same one each time."""
        if salt not in self._signers:
            self._signers[salt] = super().make_signer(salt)
        return self._signers[salt]


class PlainSigning(Signing):
    """For short texts, which nobody need try to compress: to try takes longer than to sign."""

    def dump_payload(self, obj: Any) -> bytes:
        """As itsdangerous writes what has not become shorter, and reads it, too."""
        return base64_encode(want_bytes(self.serializer.dumps(obj)))
