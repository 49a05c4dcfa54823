"""Adding clients: first what would happen, line by line, then the same again for real."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.models import Membership, User
from coachhub.accounts.rules.names import name_in
from coachhub.clients.models import Client, ClientStatus
from coachhub.clients.rules.people import Skip, Written, tidy
from coachhub.clients.service.records import check_coach, checked_zone
from coachhub.platform import clock
from coachhub.platform.addresses import good_address
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class Skipped:
    """A line that is not taken, and why."""

    line: int
    text: str
    reason: Skip


@dataclass(frozen=True)
class Newcomer:
    """A person who can be added: the address is a good one and nobody here has it."""

    line: int
    name: str
    email: str


@dataclass(frozen=True)
class Preview:
    """What adding a list would do; who is not in `newcomers` is in `skipped` with the reason."""

    newcomers: tuple[Newcomer, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class ClientEntry:
    """One new client: whose, and in which zone until they accept and their browser tells."""

    name: str
    email: str
    coach_id: UUID
    time_zone: str


def preview(people: Sequence[Written]) -> Preview:
    """What adding these people would do, without doing it."""
    newcomers: dict[str, Newcomer] = {}
    skipped: list[Skipped] = []
    good = [good_address(person.address) for person in people]
    taken = _taken([email for email in good if email])
    for person, email in zip(people, good, strict=True):
        reason = _reason_for(person, email, newcomers, taken)
        if email is None or reason:
            skipped.append(Skipped(person.line, person.text, reason or Skip.BAD_ADDRESS))
        else:
            newcomers[email] = Newcomer(person.line, tidy(person.name) or _name_in(email), email)
    return Preview(tuple(newcomers.values()), tuple(skipped))


def _name_in(email: str) -> str:
    return name_in(email, otherwise=email.partition("@")[0])


def _reason_for(person: Written, email: str | None, before: Container[str], taken: dict[str, Skip]) -> Skip | None:
    if email is None:
        return Skip.BAD_ADDRESS if person.address else Skip.NO_ADDRESS
    return Skip.TWICE if email in before else taken.get(email)


def _taken(emails: list[str]) -> dict[str, Skip]:
    """The addresses among these that belong to a client or a coach of the practice already."""
    staff = (
        select(User.email)
        .join(Membership, (Membership.user_id == User.id) & (Membership.practice_id == current_practice()))
        .where(User.email.in_(emails), Membership.role != Role.CLIENT)
    )
    clients = select(Client.email, Client.status).where(Client.email.in_(emails))
    taken = dict.fromkeys(db.session.scalars(staff), Skip.COACH_HERE)
    for email, status in db.session.execute(clients):
        taken[email] = Skip.ARCHIVED_CLIENT if status == ClientStatus.ARCHIVED else Skip.CLIENT_ALREADY
    return taken


def reason_against(email: str) -> Skip | None:
    """Why nobody can be added with this address; None where somebody can."""
    found = preview([Written(1, email, "", email)])
    return found.skipped[0].reason if found.skipped else None


def add_client(entry: ClientEntry) -> UUID:
    """Add one client, invited but not yet told. Raises Refused for an address that is bad or taken."""
    found = preview([Written(1, entry.email, entry.name, entry.email)])
    added = add_clients(found.newcomers, entry.coach_id, entry.time_zone)
    if not added:
        raise Refused(409, _("%(email)s is no address of a new client.", email=entry.email))
    return added[0]


def add_clients(newcomers: Sequence[Newcomer], coach_id: UUID, time_zone: str) -> list[UUID]:
    """Add the people of a preview; who was added by somebody else meanwhile is left out.

    Returns the ids in the list's order. Raises Refused for a coach or a zone that does not exist.
    """
    if not newcomers:
        return []
    check_coach(coach_id)
    zone, now = checked_zone(time_zone), clock.now()
    rows = [
        {
            "practice_id": current_practice(),
            "coach_id": coach_id,
            "name": newcomer.name,
            "email": newcomer.email,
            "time_zone": zone,
            "status": ClientStatus.INVITED.value,
            "created_at": now,
        }
        for newcomer in newcomers
    ]
    adding = insert(Client).values(rows).on_conflict_do_nothing().returning(Client.id, Client.email)
    added = {email: client_id for client_id, email in db.session.execute(adding)}
    return [added[newcomer.email] for newcomer in newcomers if newcomer.email in added]
