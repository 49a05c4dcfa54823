"""What would stand in the mails that the rows ask for: the newest code or link of an address."""

from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from flask import Flask

from coachhub.accounts.models import ProofKind
from coachhub.accounts.service.invites import link_to
from coachhub.accounts.service.proofs import code_of, link_token
from coachhub.platform.tenancy import as_practice


def newest_code(app: Flask, admin: psycopg.Connection, email: str) -> str:
    """The six digits of the newest sign-in mail."""
    _, _, proof_id = _newest(admin, email, ProofKind.SIGN_IN)
    with app.app_context():
        return code_of(proof_id)


def newest_link(app: Flask, admin: psycopg.Connection, email: str, kind: ProofKind) -> str:
    """The path in the newest mail of this kind."""
    with app.app_context():
        return f"/{kind.value}/{link_token(kind, *_newest(admin, email, kind))}"


def newest_invitation(app: Flask, admin: psycopg.Connection) -> str:
    """The path in the newest mail to an invited coach."""
    row = admin.execute("select practice_id, id from team_invites order by created_at desc, id desc").fetchone()
    assert row is not None
    with app.app_context(), as_practice(row[0]):
        return urlsplit(link_to(row[1], mailed=True)).path


def how_many(admin: psycopg.Connection, table: str) -> int:
    """How many rows a table has, behind all policies."""
    row = admin.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def _newest(admin: psycopg.Connection, email: str, kind: ProofKind) -> tuple[UUID, UUID, UUID]:
    row = admin.execute(
        "select p.practice_id, p.user_id, p.id from email_proofs p join users u on u.id = p.user_id "
        "where u.email = %s and p.kind = %s order by p.created_at desc, p.id desc",
        [email, kind.value],
    ).fetchone()
    assert row is not None
    return row
