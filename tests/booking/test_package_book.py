"""Packages as an owner keeps them, and what is asked at booking."""

import pytest

from coachhub.booking.service.asking import MOST_QUESTIONS, QuestionEntry, QuestionKind, keep_questions
from coachhub.booking.service.offering_book import add_offering
from coachhub.booking.service.offers import package_of, package_with_slug, packages, questions_of
from coachhub.booking.service.package_book import add_package, change_package, close_package, open_package
from coachhub.platform.errors import NotFound, Refused
from tests.booking.office import an_hour, five_sessions, working
from tests.cast import Cast

WHY = QuestionEntry("What brings you here?", QuestionKind.TEXT, (), True)
HOW = QuestionEntry("How did you hear of me?", QuestionKind.CHOICE, ("A friend", "LinkedIn"), False)


def test_it_adds_a_package_in_draft_and_opens_it(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        package_id = add_package(five_sessions(offering_id))
        assert packages(open_only=True) == ()
        open_package(package_id)
        open_package(package_id)
        assert [row.slug for row in packages(open_only=True)] == ["five-sessions"]
        assert (package_of(package_id).valid_days, package_of(package_id).currency) == (180, "GBP")
        close_package(package_id)
        assert packages(open_only=True) == ()


def test_it_takes_the_same_package_again_for_a_second_click(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        assert add_package(five_sessions(offering_id)) == add_package(five_sessions(offering_id))


def test_it_makes_an_address_of_a_packages_title(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        for title, slug in (("五回", "package"), ("خمس جلسات", "package-2"), ("Cinq séances", "cinq-seances")):
            assert package_of(add_package(five_sessions(offering_id, title=title))).slug == slug


def test_it_refuses_a_package_for_nothing(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        with pytest.raises(Refused, match="needs a price"):
            add_package(five_sessions(offering_id, price=0))


def test_it_keeps_the_offering_of_a_package_that_was_open(cast: Cast) -> None:
    with working(cast):
        one, other = (add_offering(an_hour(cast.ana, title=title)) for title in ("One", "Other"))
        package_id = add_package(five_sessions(one))
        change_package(package_id, five_sessions(other, title="Six sessions", sessions=6))
        assert package_with_slug("six-sessions").offering_id == other
        open_package(package_id)
        with pytest.raises(Refused, match="add a new one"):
            change_package(package_id, five_sessions(one))


def test_it_keeps_the_other_practice_out_of_packages(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        package_id = add_package(five_sessions(offering_id))
    with working(cast, cast.cleo):
        for step in (open_package, close_package, package_of):
            with pytest.raises(NotFound):
                step(package_id)
        with pytest.raises(NotFound):
            add_package(five_sessions(offering_id))


def test_it_keeps_questions_in_their_order(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        keep_questions(offering_id, [WHY, HOW])
        keep_questions(offering_id, [HOW, WHY])
        assert [(row.label, row.kind, row.choices, row.is_required) for row in questions_of(offering_id)] == [
            ("How did you hear of me?", "choice", ("A friend", "LinkedIn"), False),
            ("What brings you here?", "text", (), True),
        ]


def test_it_refuses_a_choice_of_one_and_too_many_questions(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        with pytest.raises(Refused, match="at least two"):
            keep_questions(offering_id, [QuestionEntry("Yes?", QuestionKind.CHOICE, ("Yes",), True)])
        with pytest.raises(Refused, match="at most"):
            keep_questions(offering_id, [WHY] * (MOST_QUESTIONS + 1))


def test_it_keeps_the_other_practice_out_of_questions(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        keep_questions(offering_id, [WHY])
    with working(cast, cast.cleo):
        assert questions_of(offering_id) == ()
        with pytest.raises(NotFound):
            keep_questions(offering_id, [])
