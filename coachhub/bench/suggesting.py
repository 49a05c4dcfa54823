"""Whom to see next among thousands, beside a bare select of the same friends."""

from functools import partial

import psycopg

from coachhub.bench.figures import Contest, Count
from coachhub.bench.rounds import Watch, in_turn
from coachhub.bench.scratch import Scratch, counting
from coachhub.demo.who import Who
from coachhub.network.service.owner import owner_of
from coachhub.network.service.suggestions import three
from coachhub.platform.tenancy import as_practice

MOST, STATEMENTS = 5.0, 1
_FLOOR_IS = "a select of their rows by the same index, fetched"
_BARE = (
    "select id, name, company, kind, liking, known_from, known_until, last_contact_on, email, phone, city, notes, "
    "not_before, never_suggest, shared, number, title, profile, time_zone, import_id, created_at from friends "
    "where practice_id = %s and client_id = %s"
)


def suggest_figures(scratch: Scratch, who: Who, friends: int, rounds: int) -> list[Contest | Count]:
    """The three suggestions: how long they take, and in how many statements."""
    ours, floor = in_turn(partial(_ours, scratch, who), partial(_floor, scratch, who), rounds)
    name = f"Who next over {friends:,} friends"
    statements = _statements(scratch, who)
    return [
        Contest(name, _FLOOR_IS, ours, floor, MOST),
        Count(f"{name}, in SQL", "statements", statements, STATEMENTS, [sum(steps.values()) for steps in ours]),
    ]


def _ours(scratch: Scratch, who: Who, watch: Watch) -> None:
    with scratch.web.app_context(), as_practice(who.practice_id, who.user_id):
        owner = owner_of(who.client_id)
        with watch.step("three"):
            three(owner, owner.today())


def _floor(scratch: Scratch, who: Who, watch: Watch) -> None:
    with psycopg.connect(scratch.addresses.database_url) as connection:
        scope = [str(who.practice_id), str(who.user_id)]
        connection.execute("select set_config('app.practice_id', %s, true), set_config('app.user_id', %s, true)", scope)
        with watch.step("select"):
            connection.execute(_BARE, [who.practice_id, who.client_id]).fetchall()


def _statements(scratch: Scratch, who: Who) -> int:
    with scratch.web.app_context(), as_practice(who.practice_id, who.user_id):
        owner = owner_of(who.client_id)
        with counting(scratch.web) as count:
            three(owner, owner.today())
            return count()
