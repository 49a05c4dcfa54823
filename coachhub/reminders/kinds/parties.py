"""Who writes to whom: what every mail to a client says of the client and of their coach."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from coachhub.accounts.models import Membership, Practice, User
from coachhub.clients.models import Client, ClientStatus
from coachhub.platform.identity import Role
from coachhub.reminders.kinds.kind import HERE, Letter, Recipient
from coachhub.reminders.kinds.zones import zone_named
from coachhub.reminders.models import ReminderRule, ReminderSwitch
from coachhub.reminders.rules import QuietHours

Instant = ColumnElement[datetime] | InstrumentedAttribute[datetime]
reader = aliased(User, name="reader")


def of_practice(fact: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """What the row of the running practice says, asked for once for all: joined, practices are looked through for each
    row of a batch.
    """
    return select(fact).where(Practice.id == HERE).scalar_subquery()


# Looked up once for all rows: users are seen by who is a member of what, which is asked of each that is joined.
coach = (
    select(User.id, User.name, User.email)
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.practice_id == HERE, Membership.role != Role.CLIENT)
    .cte("coach")
    .prefix_with("materialized", dialect="postgresql")
)
PARTIES = (
    Client.name,
    Client.email,
    Client.time_zone,
    Client.status,
    reader.email.label("login_email"),
    reader.locale,
    coach.c.name.label("coach_name"),
    coach.c.email.label("coach_email"),
    of_practice(Practice.name).label("practice_name"),
    of_practice(Practice.locale).label("practice_locale"),
    func.coalesce(Client.quiet_from, of_practice(Practice.quiet_from)).label("quiet_from"),
    func.coalesce(Client.quiet_until, of_practice(Practice.quiet_until)).label("quiet_until"),
)


def join_parties(query: Select[*tuple[Any, ...]], client_id: Any, practice_id: Any) -> Select[*tuple[Any, ...]]:
    """Join the client, their login (where they have one) and their coach."""
    return (
        query.join(Client, and_(Client.practice_id == practice_id, Client.id == client_id))
        .outerjoin(reader, reader.id == Client.user_id)
        .join(coach, coach.c.id == Client.coach_id)
    )


def is_written_to(kind: str, due: Any) -> tuple[ColumnElement[bool], ...]:
    """Whether the client of a row gets this kind for an instant at which it was due.

    Nothing for the past: they must have been there by then, back from any rest, and must have wanted it.
    """
    return (
        Client.status == ClientStatus.ACTIVE,
        func.greatest(Client.activated_at, Client.back_at) < due,
        ~is_switched_off(kind, due),
    )


def is_switched_off(kind: str, since: ColumnElement[datetime] | None = None) -> ColumnElement[bool]:
    """Whether the client of a row, or their practice, does not want this kind, or has wanted it only after `since`."""
    own = (ReminderSwitch.practice_id == Client.practice_id, ReminderSwitch.client_id == Client.id)
    any_switch = exists().where(*own, ReminderSwitch.kind == kind).correlate_except(ReminderSwitch)
    by_client = any_switch.where(is_off_or_late(ReminderSwitch.is_off, ReminderSwitch.changed_at, since))
    if since is not None:  # who has any switch is found out once for all, and only of those it is asked row by row
        return or_(and_(any_switch, by_client), is_ruled_out(kind, since))
    return or_(by_client, is_ruled_out(kind, since))


def is_ruled_out(kind: str, since: Instant | None = None) -> ColumnElement[bool]:
    """Whether the practice of the transaction does not send this kind, or does so only after `since`."""
    here = (ReminderRule.practice_id == HERE, ReminderRule.kind == kind)
    off = exists().where(*here, ReminderRule.is_off).correlate(None)
    if since is None:
        return off
    # Asked once for all rows; only what it answers is compared with each.
    switched_at = select(ReminderRule.switched_at).where(*here).correlate(None).scalar_subquery()
    return or_(off, func.coalesce(switched_at >= since, false()))


def is_off_or_late(is_off: Any, changed_at: Any, since: Instant | None) -> ColumnElement[bool]:
    """Whether a switch is off, or was set on only after an instant, where there is one."""
    return or_(is_off, changed_at >= since if since is not None else false())


_quiet = cache(QuietHours)


def letter_to_client(row: Row[Any], leads_to: str, facts: object) -> Letter:
    """A letter from the coach to the client of a row with the columns of PARTIES."""
    return Letter(
        to=Recipient(
            address=row.login_email or row.email,
            name=row.name,
            locale=row.locale or row.practice_locale,
            zone=zone_named(row.time_zone),
            quiet=_quiet(row.quiet_from, row.quiet_until),
        ),
        coach_name=row.coach_name,
        reply_to=row.coach_email,
        practice_name=row.practice_name,
        leads_to=leads_to,
        facts=facts,
    )
