"""The practice page: who they are, what they offer, when they are free; closed it is a calm 404."""

import re
import struct
from datetime import UTC, datetime, timedelta

import psycopg
from sqlalchemy import delete

from coachhub.booking.models import OfferingCoach, Package
from coachhub.booking.service.holding import hold_slot
from coachhub.booking.service.visiting import on_offer, visit_practice
from coachhub.booking.views import practice_page
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, as_visitor
from tests.booking.booked import asked_by
from tests.booking.visited import Shop, an_offer, written
from tests.conftest import NOW
from tests.factories import LONG_AGO
from tests.statements import asked


def _described(page: str, name: str) -> str:
    """What a meta tag of the page says."""
    _, _, rest = page.partition(f'{name}" content="')
    return rest.partition('"')[0]


def test_it_says_who_offers_what_and_when_they_are_free_next(shop: Shop) -> None:
    page = shop.visitor.get(shop.path, headers={"Accept-Language": "en"}).text
    for words in ("Ana Coaching", "Careers rest on people", "Ana Alvarez", "Career coach", "Free intro call"):
        assert words in page
    assert "<strong>and</strong>" in page
    assert "30 minutes" in page
    assert "Thursday 5 March, 13:00" in page
    assert f'href="{shop.path}/intro?at=2026-03-05T13:00Z"' in page


def test_it_tells_other_sites_what_to_show(shop: Shop) -> None:
    page = shop.visitor.get(shop.path).text
    assert _described(page, "og:title") == "Ana Coaching"
    assert _described(page, "og:description") == "Careers rest on people"
    assert _described(page, 'name="description') == "Careers rest on people"
    assert _described(page, "og:type") == "website"
    assert _described(page, "og:url") == f"http://localhost{shop.path}"
    assert _described(page, "og:site_name") == "Ana Coaching"
    assert _described(page, "og:locale") == "en_GB"
    assert f'<link rel="canonical" href="http://localhost{shop.path}">' in page


def test_it_has_a_picture_that_other_sites_can_show(shop: Shop, admin: psycopg.Connection) -> None:
    for path in (shop.path, f"{shop.path}/intro"):
        page = shop.visitor.get(path).text
        assert _described(page, "og:image") == f"http://localhost{shop.path}/card.png"
        assert _described(page, "twitter:card") == "summary_large_image"
    answer = shop.visitor.get(f"{shop.path}/card.png")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/png", "public, max-age=3600")
    assert answer.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", answer.data[16:24]) == (1200, 630)
    admin.execute("update practices set name = %s, accent = '#FFEE00'", ["مسار 道 𓀀 " + "#let x [y]" * 9])
    assert shop.visitor.get(f"{shop.path}/card.png").data not in (b"", answer.data)
    admin.execute("update practice_pages set is_open = false")
    assert shop.visitor.get(f"{shop.path}/card.png").status_code == 404


def test_it_shows_other_sites_no_more_than_the_beginning_of_a_long_text(shop: Shop) -> None:
    an_offer(shop.cast.app, "long", shop.cast.ana, description="word " * 200)
    page = shop.visitor.get(f"{shop.path}/long").text
    assert 10 < len(_described(page, "og:description")) <= 200


def test_it_lists_packages_and_leaves_out_what_is_hidden_or_a_draft(shop: Shop) -> None:
    hour = an_offer(shop.cast.app, "hour", shop.cast.ana, title="An hour", minutes=60, price=9000)
    an_offer(shop.cast.app, "secret", shop.cast.ana, title="By link alone", is_hidden=True)
    an_offer(shop.cast.app, "later", shop.cast.ana, title="Not yet", status="draft")
    _a_package(shop, offering_id=hour)
    page = shop.visitor.get(shop.path).text
    assert "Ten for the price of eight" in page
    assert "10 sessions, £720.00" in page
    assert "good for 180 days" in page
    assert "By link alone" not in page
    assert "Not yet" not in page


def _a_package(shop: Shop, **more: object) -> None:
    said = {"slug": "ten", "title": "Ten for the price of eight", "status": "open", "sessions": 10, "price": 72000}
    said |= {"currency": "GBP", "valid_days": 180, "created_at": LONG_AGO, "changed_at": LONG_AGO}
    with shop.cast.app.app_context(), as_practice(shop.cast.ana.practice_id):
        db.session.add(Package(practice_id=shop.cast.ana.practice_id, **said | more))


def test_it_is_nowhere_while_it_is_closed(shop: Shop, admin: psycopg.Connection) -> None:
    admin.execute("update practice_pages set is_open = false")
    for path in (shop.path, f"{shop.path}/intro", f"{shop.path}/intro?at=2026-03-06T10:00Z", f"{shop.path}/intro/wait"):
        answer = shop.visitor.get(path)
        assert answer.status_code == 404
        assert "Not found" in answer.text


def test_it_knows_no_practice_of_another_address(shop: Shop) -> None:
    assert shop.visitor.get("/p/nobody-here").status_code == 404


def test_it_shows_the_same_to_the_coach_the_client_and_the_stranger(shop: Shop) -> None:
    for person in (shop.cast.ana, shop.cast.ben, shop.cast.cleo):
        assert "Free intro call" in shop.cast.browser(person).get(shop.path).text


def test_it_wears_the_practices_colour(shop: Shop, admin: psycopg.Connection) -> None:
    admin.execute("update practices set accent = '#FFEE00' where id = %s", [shop.cast.ana.practice_id])
    page = shop.visitor.get(shop.path).text
    assert '<link rel="stylesheet" href="/brand/ffee00.css">' in page
    style = shop.visitor.get("/brand/ffee00.css")
    assert style.mimetype == "text/css"
    assert "--accent: light-dark(#" in style.text
    assert shop.visitor.get("/brand/red;}.css").status_code == 404


def test_it_asks_the_database_a_few_things_only(shop: Shop) -> None:
    an_offer(shop.cast.app, "seldom", shop.cast.ana, minutes=60, daily_limit=1)
    with asked(shop.cast.app) as statements:
        shop.visitor.get(shop.path)
    assert len(statements) <= 5


def test_it_reads_what_is_read_piece_by_piece(shop: Shop, clock: FixedClock) -> None:
    cast, practice_id = shop.cast, shop.cast.ana.practice_id
    hour = an_offer(cast.app, "hour", cast.ana, minutes=60, daily_limit=1)
    an_offer(cast.app, "late", cast.ana, minutes=45, notice_minutes=20_000, buffer_before=15)
    nobodys = an_offer(cast.app, "nobodys", cast.ana)
    an_offer(cast.app, "secret", cast.ana, is_hidden=True)
    _a_package(shop, offering_id=hour)
    with cast.app.app_context(), as_practice(practice_id):
        db.session.execute(delete(OfferingCoach).where(OfferingCoach.offering_id == nobodys))
    seen = []
    for minutes in (0, 45):
        with cast.app.app_context(), as_practice(practice_id):
            (at,) = [offer.next_free for offer in on_offer(clock.now()) if offer.offering.id == hour]
            assert at is not None
            hold_slot(asked_by("Vera", hour, at.starts_at))
        clock.instant += timedelta(minutes=minutes)
        with cast.app.app_context(), as_visitor():
            found = visit_practice(shop.slug, None, None, clock.now()).offerings
        with cast.app.app_context(), as_practice(practice_id):
            assert found == on_offer(clock.now())
        seen.append([offer.next_free for offer in found])
    assert seen[0] != seen[1]


def test_it_shows_another_time_once_one_is_taken(shop: Shop) -> None:
    page = shop.visitor.get(shop.path).text
    assert "13:00" in page
    with shop.cast.app.app_context(), as_practice(shop.cast.ana.practice_id):
        (intro,) = on_offer(NOW)
        assert intro.next_free is not None
        hold_slot(asked_by("Vera", intro.offering.id, intro.next_free.starts_at))
    page = shop.visitor.get(shop.path).text
    assert ("13:00" in page, "13:30" in page) == (False, True)
    assert "at=2026-03-05T13:30Z" in page


def test_it_is_written_once_for_those_who_see_the_same(shop: Shop) -> None:
    german = {"Accept-Language": "de"}
    first = shop.visitor.get(shop.path).text
    before = practice_page._written.cache_info()
    assert shop.visitor.get(shop.path).text == first
    after = practice_page._written.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)
    assert shop.visitor.get(f"{shop.path}?zone=Asia/Tokyo").text != first
    assert shop.visitor.get(shop.path, headers=german).text == practice_page_of(shop, german)


def practice_page_of(shop: Shop, headers: dict[str, str]) -> str:
    """As it is written for one visitor alone."""
    practice_page._written.cache_clear()
    return shop.visitor.get(shop.path, headers=headers).text


def test_it_tells_what_has_changed_at_once(shop: Shop, admin: psycopg.Connection, clock: FixedClock) -> None:
    assert "Careers rest on people" in shop.visitor.get(shop.path).text
    admin.execute("update practice_pages set headline = 'Work is not all'")
    assert "Work is not all" in shop.visitor.get(shop.path).text
    admin.execute("update practices set name = 'Ana & Co'")
    assert "Ana &amp; Co" in shop.visitor.get(shop.path).text
    assert "at=2026-03-05T13:00Z" in shop.visitor.get(shop.path).text
    clock.instant = datetime(2026, 3, 5, 12, 0, 0, 1, tzinfo=UTC)  # 60 minutes of notice are over
    assert "at=2026-03-05T13:30Z" in shop.visitor.get(shop.path).text
    admin.execute("update practice_pages set is_open = false")
    assert shop.visitor.get(shop.path).status_code == 404


def test_it_looks_anew_for_a_time_that_is_far_ahead(shop: Shop, admin: psycopg.Connection) -> None:
    an_offer(shop.cast.app, "late", shop.cast.ana, title="Much later", notice_minutes=30_000)
    page = shop.visitor.get(shop.path).text
    found = re.findall(r"/late\?at=([^\"]+)", page)
    assert found == re.findall(r"/late\?at=([^\"]+)", shop.visitor.get(shop.path).text)
    with shop.cast.app.app_context(), as_practice(shop.cast.ana.practice_id):
        (late,) = [offer for offer in on_offer(NOW) if offer.offering.slug == "late"]
        assert late.next_free is not None
        hold_slot(asked_by("Vera", late.offering.id, late.next_free.starts_at))
    assert found[0] == written(late.next_free.starts_at)
    assert found != re.findall(r"/late\?at=([^\"]+)", shop.visitor.get(shop.path).text)
