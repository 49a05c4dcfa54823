"""Proofs of an address: a six-digit code to sign in, a link to confirm the address or to choose a new password.

Neither code nor link is stored: both are made from the proof's row, by whoever writes the mail and by whoever
checks the answer.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, literal, select, text, update
from sqlalchemy.sql.elements import ColumnElement

from coachhub.accounts.models import EmailProof, Membership, ProofKind
from coachhub.platform import clock, tokens
from coachhub.platform.db import db
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import bind, current_practice, current_scope
from coachhub.platform.wakes import mail_now

LASTS = {
    ProofKind.SIGN_IN: timedelta(minutes=10),
    ProofKind.VERIFY: timedelta(days=7),
    ProofKind.RESET: timedelta(hours=1),
}
MOST_ATTEMPTS = 5
MOST_MAILS = {timedelta(minutes=15): 5, timedelta(days=1): 20}
"""So many of a kind within so long: whoever asks for more fills a mailbox, or wants more codes to guess."""
_NOBODY = UUID(int=0)
_BY_EMAIL = text("select user_id, practice_id from lookup.user_by_email(:email)")


@dataclass(frozen=True)
class Account:
    """A user and the practice that they entered first. `is_nobody` for an address that has no account."""

    user_id: UUID
    practice_id: UUID

    @property
    def is_nobody(self) -> bool:
        return self.user_id == _NOBODY


def account_of(email: str) -> Account | None:
    """The account of an address, whoever the transaction is bound to; None where it has none."""
    found = db.session.execute(_BY_EMAIL, {"email": email.strip().lower()}).one_or_none()
    return Account(found.user_id, found.practice_id) if found and found.practice_id else None


def enter_account(email: str) -> Account:
    """Find the account of an address and bind the transaction to it; to nobody's, by the same steps, where none is."""
    account = account_of(email) or Account(_NOBODY, _NOBODY)
    bind(account.practice_id, account.user_id)
    return account


def code_of(proof_id: UUID) -> str:
    """The six digits of a sign-in proof."""
    key = ports().settings.secret_key.get_secret_value().encode()
    mac = hmac.digest(key, b"sign-in-code" + proof_id.bytes, "sha256")
    return f"{int.from_bytes(mac) % 1_000_000:06}"


def link_token(kind: ProofKind, practice_id: UUID, user_id: UUID, proof_id: UUID) -> str:
    """What stands at the end of `/verify/` and `/reset/` in a mail."""
    return tokens.sign(kind.value, practice_id, user_id, proof_id)


def ask_for_proof(kind: ProofKind, email: str) -> None:
    """Have a code or a link mailed to an address. The same statements run where it has no account: no row results."""
    account = enter_account(email)
    _add_proof(kind, account)
    bind(None, None)


def ask_for_own_proof(kind: ProofKind) -> None:
    """Have a code or a link mailed to the person of this transaction, unless enough are on their way."""
    user_id = current_scope().user_id
    if user_id is not None:
        _add_proof(kind, Account(user_id, current_practice()))


def _add_proof(kind: ProofKind, account: Account) -> None:
    now = clock.now()
    member = select(
        Membership.practice_id,
        Membership.user_id,
        literal(kind.value),
        literal(now),
        literal(now + LASTS[kind]),
    ).where(Membership.practice_id == account.practice_id, Membership.user_id == account.user_id)
    member = member.where(*(_asked_since(now - span, kind, account) < most for span, most in MOST_MAILS.items()))
    columns = ["practice_id", "user_id", "kind", "created_at", "expires_at"]
    db.session.execute(insert(EmailProof).from_select(columns, member, include_defaults=False))
    mail_now(account.practice_id)


def _asked_since(instant: datetime, kind: ProofKind, account: Account) -> ColumnElement[int]:
    own = (EmailProof.practice_id == account.practice_id, EmailProof.user_id == account.user_id)
    asked = select(func.count()).where(*own, EmailProof.kind == kind.value, EmailProof.created_at > instant)
    return asked.scalar_subquery()


def spend_code(email: str, code: str) -> Account | None:
    """The account whose newest code this is, with the transaction bound to it; None for a wrong, spent or late code.

    Every try counts, also a wrong one, and so must be committed; after five the code is dead.
    """
    account = enter_account(email)
    newest = (
        select(EmailProof.id)
        .where(EmailProof.practice_id == account.practice_id, EmailProof.user_id == account.user_id)
        .where(EmailProof.kind == ProofKind.SIGN_IN.value)
        .order_by(EmailProof.created_at.desc(), EmailProof.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    proof_id = db.session.execute(
        update(EmailProof)
        .where(EmailProof.practice_id == account.practice_id, EmailProof.id == newest, *_open())
        .values(attempts=EmailProof.attempts + 1)
        .returning(EmailProof.id)
    ).scalar_one_or_none()
    is_right = hmac.compare_digest(code_of(proof_id or _NOBODY).encode(), _digits(code).encode())
    if proof_id is None or not is_right:
        bind(None, None)
        return None
    _mark_used(EmailProof.id == proof_id)
    return account


def open_link(kind: ProofKind, token: str) -> Account | None:
    """The account of a mailed link that may still be used, with the transaction bound to it; looking spends nothing."""
    account, proof_id = _enter_link(kind, token)
    found = select(func.count()).where(EmailProof.practice_id == account.practice_id, EmailProof.id == proof_id)
    if db.session.execute(found.where(EmailProof.kind == kind.value, *_open())).scalar_one():
        return account
    bind(None, None)
    return None


def spend_link(kind: ProofKind, token: str) -> Account | None:
    """Use a mailed link up: the account it proves, with the transaction bound to it; None when it is no longer good."""
    account, proof_id = _enter_link(kind, token)
    if not _mark_used(EmailProof.id == proof_id, EmailProof.kind == kind.value, *_open()):
        bind(None, None)
        return None
    return account


def close_proofs(*kinds: ProofKind) -> None:
    """End every other open proof of the person of this transaction, in this practice."""
    _mark_used(EmailProof.kind.in_([kind.value for kind in kinds]), *_open())


def _enter_link(kind: ProofKind, token: str) -> tuple[Account, UUID]:
    ids = tokens.read(kind.value, token) or ()
    practice_id, user_id, proof_id = ids if len(ids) == 3 else (_NOBODY, _NOBODY, _NOBODY)
    bind(practice_id, user_id)
    return Account(user_id, practice_id), proof_id


def _open() -> tuple[ColumnElement[bool], ...]:
    return (
        EmailProof.used_at.is_(None),
        EmailProof.expires_at > clock.now(),
        EmailProof.attempts < MOST_ATTEMPTS,
    )


def _mark_used(*which: ColumnElement[bool]) -> bool:
    scope = current_scope()
    own = (EmailProof.practice_id == scope.practice_id, EmailProof.user_id == scope.user_id)
    marked = db.session.execute(
        update(EmailProof).where(*own, *which).values(used_at=clock.now()).returning(EmailProof.id)
    )
    return marked.first() is not None


def _digits(code: str) -> str:
    """Spaces and dashes do not matter, nor in which script the digits were typed."""
    return "".join(str(unicodedata.decimal(letter)) for letter in code if letter.isdecimal())
