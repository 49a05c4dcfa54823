"""For whom a nudge is: those who may be nudged, and those who are left out, with the reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coachhub.platform import clock
from coachhub.reminders.rules import Barrier
from coachhub.reminders.service.nudging import AT_MOST, Reach, nudged_since, reach_of
from coachhub.reports.rules import A_WEEK, Spared, Standing, has_session_soon
from coachhub.reports.service.listing import Listed

NAMED = 100
"""How many clients stand on the page with a tick each; the others share one."""


@dataclass(frozen=True)
class Addressed:
    """`clients` may be nudged, by name, AT_MOST of them; `further` are beyond that. The others are left out.

    `groups` are those of the clients whom the coach may wish to spare, by why; no group is empty.
    """

    clients: tuple[Listed, ...]
    further: int
    left_out: Mapping[Barrier, Sequence[Listed]]
    reach: Mapping[UUID, Reach]
    groups: Mapping[Spared, frozenset[UUID]]

    def spared(self, wanted: Iterable[str]) -> frozenset[UUID]:
        """Those in any of the groups of these names."""
        return frozenset().union(*(self.groups.get(Spared(name), ()) for name in wanted if name in set(Spared)))

    @property
    def named(self) -> tuple[Listed, ...]:
        """Those with a tick of their own."""
        return self.clients[:NAMED]

    @property
    def others(self) -> tuple[Listed, ...]:
        """Those who share a tick."""
        return self.clients[NAMED:]

    def ticked(self, client_ids: Collection[UUID]) -> list[Listed]:
        """Those of them whose id is among these."""
        return [client for client in self.clients if client.id in client_ids]

    def all_but_at_rest(self, client_ids: Collection[UUID]) -> list[UUID]:
        """Whom to nudge of those that a form named; who was nudged just now is among them, to be told of."""
        rest = {client.id for client in self.left_out.get(Barrier.PAUSED, ())}
        return [client_id for client_id in self.reach if client_id in client_ids and client_id not in rest]


def addressed(chosen: Sequence[Listed]) -> Addressed:
    """Of the clients that somebody has chosen, who may be nudged."""
    reach = reach_of([client.id for client in chosen])
    left_out: dict[Barrier, list[Listed]] = {}
    may_be: list[Listed] = []
    for client in chosen:
        barrier = _barrier(client, reach[client.id])
        if barrier is None:
            may_be.append(client)
        else:
            left_out.setdefault(barrier, []).append(client)
    clients = tuple(may_be[:AT_MOST])
    return Addressed(clients, len(may_be[AT_MOST:]), left_out, reach, _groups(clients))


def _groups(clients: Sequence[Listed]) -> dict[Spared, frozenset[UUID]]:
    now = clock.now()
    groups = {
        Spared.SESSION_SOON: {client.id for client in clients if has_session_soon(client.session_at, now)},
        Spared.NUDGED_LATELY: nudged_since([client.id for client in clients], now - A_WEEK),
        Spared.FIRST_MONTH: {client.id for client in clients if client.progress and len(client.progress.results) == 1},
    }
    return {why: frozenset(ids) for why, ids in groups.items() if ids}


def _barrier(client: Listed, reach: Reach) -> Barrier | None:
    """A month that rests is left alone, too."""
    rests = reach.barrier is None and client.standing is Standing.PAUSED
    return Barrier.PAUSED if rests else reach.barrier
