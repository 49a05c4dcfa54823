"""What a practice page shows beside free times is read again once it has changed, and not before."""

import re
from typing import LiteralString

import psycopg
import pytest

from coachhub.booking.service.holding import hold_slot
from coachhub.booking.service.settled import memory_of
from coachhub.booking.service.visiting import on_offer
from coachhub.platform import embedded
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import asked_by
from tests.booking.visited import Shop, an_offer
from tests.cast import Cast
from tests.conftest import NOW

CHANGES: dict[str, LiteralString] = {
    "practices": "update practices set name = 'Ana & Co' where id = %(practice)s",
    "practice_pages": "update practice_pages set headline = 'Work is not all' where practice_id = %(practice)s",
    "practice_logos": (
        "insert into practice_logos (practice_id, image, media_type, width, height, changed_at) "
        "values (%(practice)s, 'x', 'image/png', 4, 3, now())"
    ),
    "coach_profiles": "update coach_profiles set title = 'Listener' where practice_id = %(practice)s",
    "users": "update users set name = 'Ana Zola' where id = %(ana)s",
    "offerings": "update offerings set title = 'Hello' where practice_id = %(practice)s",
    "offering_coaches": "delete from offering_coaches where practice_id = %(practice)s",
    "packages": (
        "insert into packages (practice_id, offering_id, slug, title, status, sessions, price, currency, created_at, "
        "changed_at) select practice_id, id, 'five', 'Five talks', 'open', 5, 40000, 'GBP', now(), now() "
        "from offerings where practice_id = %(practice)s and slug = 'hour'"
    ),
    "weekly_hours": "update weekly_hours set from_minute = 900 where practice_id = %(practice)s",
    "dated_hours": (
        "insert into dated_hours (practice_id, coach_id, first_day, last_day) "
        "values (%(practice)s, %(ana)s, '2026-03-05', '2026-03-05')"
    ),
    "memberships": "update memberships set role = 'client' where user_id = %(ana)s",
}
"""One of each table that the page is made of."""


@pytest.fixture
def stamped(shop: Shop, admin: psycopg.Connection) -> "_Stamped":
    an_offer(shop.cast.app, "hour", shop.cast.ana, title="An hour", price=9000)
    return _Stamped(shop, admin)


class _Stamped:
    """A practice whose page is looked at."""

    def __init__(self, shop: Shop, admin: psycopg.Connection) -> None:
        self.shop, self._admin = shop, admin
        self.values = {"practice": shop.cast.ana.practice_id, "ana": shop.cast.ana.user_id}

    def change(self, sql: LiteralString) -> None:
        self._admin.execute(sql, self.values)

    def stamp(self) -> object:
        asked = "select page_stamp from practices where id = %(practice)s"
        return self._admin.execute(asked, self.values).fetchone()

    def page(self) -> str:
        return self.shop.visitor.get(self.shop.path).text

    def page_read_anew(self) -> str:
        memory_of.cache_clear()
        return self.page()


@pytest.mark.parametrize("table", CHANGES)
def test_it_shows_what_was_changed_with_the_next_look(stamped: _Stamped, table: str) -> None:
    before, stamp = stamped.page(), stamped.stamp()
    stamped.change(CHANGES[table])
    after = stamped.page()
    assert stamped.stamp() != stamp
    assert before != after == stamped.page_read_anew()


def test_it_is_stamped_by_each_table_that_it_is_made_of(admin: psycopg.Connection) -> None:
    (source,) = admin.execute("select prosrc from pg_proc where proname = 'page_settled'").fetchone() or ("",)
    tables = {name for (name,) in admin.execute("select tablename from pg_tables where schemaname = 'public'")}
    stamping = admin.execute("select tgrelid::regclass::text from pg_trigger where tgname = 'page_stamped'").fetchall()
    assert tables & set(re.findall(r"\w+", source)) == {name for (name,) in stamping} == set(CHANGES)


def test_it_reads_only_what_is_taken_where_nothing_was_changed(stamped: _Stamped) -> None:
    before, stamp = stamped.page(), stamped.stamp()
    settled = memory_of(stamped.shop.slug).settled
    with stamped.shop.cast.app.app_context(), as_practice(stamped.shop.cast.ana.practice_id):
        soon = on_offer(NOW)[0]
        assert soon.next_free is not None
        hold_slot(asked_by("Vera", soon.offering.id, soon.next_free.starts_at))
    after = stamped.page()
    assert (stamped.stamp(), memory_of(stamped.shop.slug).settled) == (stamp, settled)
    assert before != after == stamped.page_read_anew()


def test_it_lets_clients_come_without_another_stamp(stamped: _Stamped, cast: Cast) -> None:
    stamp = stamped.stamp()
    stamped.values |= {"ben": cast.ben.user_id}
    stamped.change("update memberships set role = 'client' where user_id = %(ben)s")
    stamped.change("update users set name = 'Benno' where id = %(ben)s")
    assert stamped.stamp() == stamp


def test_it_shows_a_change_once_it_is_kept(stamped: _Stamped, addresses: embedded.Addresses) -> None:
    stamped.page()
    for title, is_kept in (("Never", False), ("First", True), ("Second", True)):
        with psycopg.connect(addresses.admin_url) as another:
            another.execute("update offerings set title = %s where slug = 'hour'", [title])
            assert title not in stamped.page()
            if not is_kept:
                another.rollback()
        assert (title in stamped.page()) == is_kept
    assert stamped.page() == stamped.page_read_anew()
