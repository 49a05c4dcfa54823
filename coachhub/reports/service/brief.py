"""The brief of a coaching session: what has happened with the client since the last one that took place.

Everything in it is facts that the coach may see: steps, dates, minutes and numbers, and no friend's name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from coachhub.coaching.rules import day_before
from coachhub.coaching.service.actions import ActionRow, actions_lately
from coachhub.coaching.service.preceding import last_held_before, last_shared
from coachhub.coaching.service.reading import CoachingSessionRow, coaching_sessions_named
from coachhub.habits.service.progress import Progress
from coachhub.network.rules import Network, Warmth
from coachhub.network.service.owner import Owner, owners_of
from coachhub.network.service.strength import TallyRow, networks_of, tallies_of
from coachhub.platform import clock
from coachhub.platform.local_time import local_day
from coachhub.reports.rules import is_booster_due
from coachhub.reports.rules.brief import MonthsSince, months_since
from coachhub.reports.service.listing import Listed, listed_among

_EVER = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MetSince:
    """Since the last session: friends written to, of them who answered, meetups held, and their minutes."""

    written: int
    answered: int
    meetups: int
    minutes: int


@dataclass(frozen=True, slots=True)
class NetworkSince:
    """The network now, and by how much its strength has changed since the end of the month before the last session.

    `change` is None where that is not known: there was no session, or it is too long ago.
    """

    strength: float
    change: float | None
    friends: int
    awake: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What to know before a session. `since` is when the last one began that took place; None: this is the first.

    `client` is as the lists show them, with their month, a payment in trouble and mail that does not arrive. `network`
    and `met` are None where nobody has accepted the invitation.
    `open` and `done` are actions of both sides; `shared_at` is when a note for the client was last written.
    `is_asked_later`: the mail of the day before, which asks what to talk about, is still to come.
    `is_booster`: two months were missed, so the conversation may be about the habit itself.
    """

    session: CoachingSessionRow
    since: datetime | None
    months: MonthsSince
    client: Listed
    met: MetSince | None
    network: NetworkSince | None
    open: tuple[ActionRow, ...]
    done: tuple[ActionRow, ...]
    shared_at: datetime | None
    is_asked_later: bool

    @property
    def is_booster(self) -> bool:
        """Whether the habit has been missed for so long that it is worth the conversation."""
        verdict = self.client.progress.verdict if self.client.progress else None
        return verdict is not None and is_booster_due(verdict.status, verdict.missed_in_a_row, has_session=False)


@dataclass(frozen=True)
class _Read:
    """What was read of all clients at once."""

    clients: Mapping[UUID, Listed]
    owners: Mapping[UUID, Owner]
    tallies: Mapping[UUID, Sequence[TallyRow]]
    networks: Mapping[UUID, Network]
    actions: Mapping[UUID, Sequence[ActionRow]]
    shared: Mapping[UUID, datetime]
    now: datetime


def brief_of(session_id: UUID) -> Brief | None:
    """The brief of one session; None where there is no such session."""
    return briefs_of([session_id]).get(session_id)


def briefs_of(session_ids: Sequence[UUID]) -> dict[UUID, Brief]:
    """The briefs of sessions by their ids. Nine statements, however many; of each client one session."""
    sessions = coaching_sessions_named(session_ids)
    if not sessions:
        return {}
    held, now = last_held_before(session_ids), clock.now()
    read = _read({each.client_id: held.get(each.id, _EVER) for each in sessions}, now)
    return {each.id: _brief(each, held.get(each.id), read) for each in sessions}


def _read(begins: Mapping[UUID, datetime], now: datetime) -> _Read:
    ids = list(begins)
    owners = owners_of(ids)
    today = {owner.client_id: local_day(now, owner.zone) for owner in owners}
    return _Read(
        clients={each.id: each for each in listed_among(ids, now)},
        owners={owner.client_id: owner for owner in owners},
        tallies=tallies_of({owner.client_id: begins[owner.client_id] for owner in owners}),
        networks=networks_of(owners, today),
        actions=actions_lately(begins),
        shared=last_shared(ids),
        now=now,
    )


def _brief(session: CoachingSessionRow, since: datetime | None, read: _Read) -> Brief:
    client_id = session.client_id
    client, owner = read.clients[client_id], read.owners.get(client_id)
    actions = read.actions.get(client_id, ())
    return Brief(
        session=session,
        since=since,
        months=_months(client.progress, since, session),
        client=client,
        met=_met(read.tallies.get(client_id, ())) if owner else None,
        network=_network(read.networks[client_id], since, owner) if owner else None,
        open=tuple(each for each in actions if each.is_open),
        done=tuple(each for each in actions if not each.is_open),
        shared_at=read.shared.get(client_id),
        is_asked_later=read.now < day_before(session.starts_at),
    )


def _months(progress: Progress | None, since: datetime | None, session: CoachingSessionRow) -> MonthsSince:
    zone = session.client_zone
    results = [(each.month.ends_at(zone), each.result) for each in progress.results] if progress else []
    return months_since(results, since)


def _met(rows: Sequence[TallyRow]) -> MetSince:
    return MetSince(
        written=sum(row.written for row in rows),
        answered=sum(row.answered for row in rows),
        meetups=sum(row.meetups for row in rows),
        minutes=sum(row.minutes for row in rows),
    )


def _network(network: Network, since: datetime | None, owner: Owner) -> NetworkSince:
    before = None
    if since is not None:
        day = local_day(since, owner.zone)
        before = next((month.value for month in reversed(network.months) if month.day <= day), None)
    return NetworkSince(
        strength=network.strength,
        change=None if before is None else network.strength - before,
        friends=network.friends,
        awake=dict(network.by_warmth)[Warmth.AWAKE],
    )
