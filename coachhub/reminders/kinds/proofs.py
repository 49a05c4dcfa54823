"""Mails that prove an address: a code to sign in, a link to confirm the address or to choose a new password."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.orm import aliased

from coachhub.accounts.models import EmailProof, Practice, ProofKind, User
from coachhub.accounts.service.proofs import MOST_ATTEMPTS, code_of, link_token
from coachhub.platform.db import db
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds.kind import (
    HERE,
    NOW,
    About,
    Claim,
    Kind,
    Letter,
    Pointless,
    Reading,
    Recipient,
    add_messages,
    adding,
    by_claim,
    is_among,
)
from coachhub.reminders.kinds.zones import zone_named


@dataclass(frozen=True)
class ProofFacts:
    """`code` is empty where the mail's link proves the address."""

    code: str
    expires_at: datetime


def _plan(proof: ProofKind, now: datetime) -> int:
    return add_messages(_adding(proof), now)


@cache
def _adding(proof: ProofKind) -> Insert:
    rows = select(EmailProof).where(
        EmailProof.practice_id == HERE,
        EmailProof.kind == proof.value,
        EmailProof.created_at <= NOW,
        EmailProof.expires_at > NOW,
        EmailProof.used_at.is_(None),
    )
    return adding(_KINDS[proof], rows, About(EmailProof.id, EmailProof.created_at, user=EmailProof.user_id))


def _read(proof: ProofKind, claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    newer = aliased(EmailProof, name="newer")
    is_newer = (newer.practice_id == EmailProof.practice_id, newer.user_id == EmailProof.user_id)
    replaced = exists().where(*is_newer, newer.kind == EmailProof.kind, newer.created_at > EmailProof.created_at)
    query = (
        select(
            EmailProof.id,
            EmailProof.user_id,
            EmailProof.expires_at,
            EmailProof.used_at,
            EmailProof.attempts,
            replaced.label("is_replaced"),
            User.email,
            User.name,
            User.locale,
            User.time_zone,
            Practice.name.label("practice_name"),
        )
        .join(User, User.id == EmailProof.user_id)
        .join(Practice, Practice.id == EmailProof.practice_id)
        .where(EmailProof.practice_id == current_practice(), is_among(EmailProof.id, [it.subject_id for it in claims]))
    )
    return by_claim(claims, {row.id: _reading(row, proof, now) for row in db.session.execute(query)})


def _reading(row: Any, proof: ProofKind, now: datetime) -> Reading:
    if row.used_at is not None or row.attempts >= MOST_ATTEMPTS:
        return Pointless("used")
    if row.expires_at <= now:
        return Pointless("expired")
    if proof is ProofKind.SIGN_IN and row.is_replaced:
        return Pointless("replaced")  # only the newest code opens the door
    return Letter(
        to=Recipient(row.email, row.name, row.locale, zone_named(row.time_zone)),
        coach_name=None,
        reply_to=None,
        practice_name=row.practice_name,
        leads_to=address_of(_path(row, proof)),
        facts=ProofFacts(code_of(row.id) if proof is ProofKind.SIGN_IN else "", row.expires_at),
    )


def _path(row: Any, proof: ProofKind) -> str:
    if proof is ProofKind.SIGN_IN:
        return "/sign-in/code"
    token = link_token(proof, current_practice(), row.user_id, row.id)
    return f"/verify/{token}" if proof is ProofKind.VERIFY else f"/reset/{token}"


def _kind(name: str, proof: ProofKind) -> Kind:
    return Kind(name, is_reminder=False, plan=partial(_plan, proof), read=partial(_read, proof))


SIGN_IN_CODE = _kind("sign_in_code", ProofKind.SIGN_IN)
VERIFY_EMAIL = _kind("verify_email", ProofKind.VERIFY)
RESET_PASSWORD = _kind("reset_password", ProofKind.RESET)
_KINDS = {ProofKind.SIGN_IN: SIGN_IN_CODE, ProofKind.VERIFY: VERIFY_EMAIL, ProofKind.RESET: RESET_PASSWORD}
