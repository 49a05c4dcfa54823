"""Links that mails carry: signed row ids, never stored. What a link may do is decided by its row, not by the link."""

import hashlib
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from coachhub.platform.ports import ports


def sign(purpose: str, *ids: UUID) -> str:
    """A token naming these rows, for one purpose only."""
    return str(_serializer(purpose).dumps([row_id.hex for row_id in ids]))


def read(purpose: str, token: str) -> tuple[UUID, ...] | None:
    """The ids in a token signed for this purpose, also under a former key; None where the signature is not ours."""
    try:
        return tuple(UUID(row_id) for row_id in _serializer(purpose).loads(token))
    except (BadSignature, ValueError, TypeError):
        return None


def _serializer(purpose: str) -> URLSafeSerializer:
    settings = ports().settings
    # The newest key comes last: it signs, and the former ones still read.
    keys = [key.get_secret_value() for key in (*settings.secret_key_fallbacks, settings.secret_key)]
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(keys, salt=f"coachhub-{purpose}", signer_kwargs=options)
