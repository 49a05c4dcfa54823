"""Practices by the hundred, as `coachhub demo --practices` makes them, with every list ready; and who is in one."""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

import psycopg

from coachhub.bench.load import Page
from coachhub.bench.scratch import Person, Scratch
from coachhub.demo.practice import load_practices
from coachhub.network.service.reply_links import reply_token
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.service.planning import practice_ids
from coachhub.reports.service.standings import refresh_practice

_OWNERS = (
    "select m.practice_id, m.user_id from memberships m join practices p on p.id = m.practice_id "
    "where m.role = 'owner' and p.slug like 'load-%'"
)
_A_CLIENT = (
    "select user_id from clients where practice_id = %s and user_id is not null and status = 'active' "
    "order by email limit 1"
)
_INVITATIONS = (
    "select id from invitations where practice_id = %s and sent_at is not null and answer is null "
    "and withdrawn_at is null order by sent_at desc, id limit 50"
)


@dataclass(frozen=True)
class Somebody:
    """Who signs in, and where."""

    practice_id: UUID
    user_id: UUID


def load(made: Scratch, practices: int, clients: int, months: int) -> list[Somebody]:
    """So many practices more, with every standing made and all of it on the disk; gives their owners."""
    before = _owners(made)
    load_practices(made.settings, practices, clients, months)
    made.as_admin("vacuum analyze")
    with made.worker.app_context():
        for practice_id in practice_ids():
            refresh_practice(practice_id)
    made.as_admin("vacuum analyze standings")
    made.as_admin("checkpoint")  # otherwise it is written out for minutes, beside what is measured
    return list(_owners(made) - before)


def a_client_of(made: Scratch, owner: Somebody) -> Somebody:
    """A client of the owner's practice who lives the habit."""
    return Somebody(owner.practice_id, _found(made, _A_CLIENT, owner.practice_id)[0])


def reply_links(made: Scratch, owner: Somebody) -> list[str]:
    """The paths under which friends of that practice's clients answer the latest invitations."""
    invitations = _found(made, _INVITATIONS, owner.practice_id)
    with made.web.app_context(), as_practice(owner.practice_id):
        return [f"/r/{reply_token(invitation_id)}" for invitation_id in invitations]


def signed_in(made: Scratch, who: Person, path: str) -> Page:
    """A page as that person's browser asks for it: signed in, and with what forms need."""
    browser = made.browser(who)
    browser.get(path)
    named = (made.web.config["SIGN_IN_COOKIE"], made.web.config["SESSION_COOKIE_NAME"])
    found = [browser.get_cookie(name) for name in named]
    return Page(path, {"Cookie": "; ".join(f"{cookie.key}={cookie.value}" for cookie in found if cookie is not None)})


def _owners(made: Scratch) -> set[Somebody]:
    with psycopg.connect(made.superuser_url) as admin:
        return {Somebody(*row) for row in admin.execute(_OWNERS)}


def _found(made: Scratch, question: LiteralString, practice_id: UUID) -> list[UUID]:
    with psycopg.connect(made.superuser_url) as admin:
        found = [row[0] for row in admin.execute(question, [practice_id])]
    if not found:
        raise RuntimeError("the load has nobody like that")
    return found
