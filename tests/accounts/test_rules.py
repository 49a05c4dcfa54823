"""Passwords, addresses of practices, and names."""

import pytest

from coachhub.accounts.rules.names import SLUG_AT_MOST, name_in, slug_of
from coachhub.accounts.rules.passwords import PasswordFault, Strength, common_passwords, fault_of, strength_of


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("ninechars", PasswordFault.TOO_SHORT),
        ("tencharsok", None),
        ("é" * 9, PasswordFault.TOO_SHORT),
        ("a longer one " * 16, PasswordFault.TOO_LONG),
        ("Password123", PasswordFault.COMMON),
        ("1111122222", PasswordFault.COMMON),
        ("ana@example.com", PasswordFault.OWN_NAME),
        ("Ana Coaching 2026", PasswordFault.OWN_NAME),
        ("正念教练一小时每个月", None),
    ],
)
def test_it_says_what_is_wrong_with_a_password(password: str, fault: PasswordFault | None) -> None:
    assert fault_of(password, "ana@example.com", "Ana Coaching") is fault


def test_it_lists_only_passwords_that_are_long_enough_to_be_tried() -> None:
    assert 80 <= len(common_passwords()) <= 130
    assert min(map(len, common_passwords())) >= 10


@pytest.mark.parametrize(
    ("password", "strength"),
    [("tencharsok", Strength.FAIR), ("Ten-chars0k", Strength.GOOD), ("late bus green moon", Strength.STRONG)],
)
def test_it_calls_length_strength(password: str, strength: Strength) -> None:
    assert strength_of(password) is strength


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ana Coaching", "ana-coaching"),
        ("Zoë’s Größe & Łódź", "zoes-grosse-lodz"),
        ("İstanbul Koç", "istanbul-koc"),
        ("  --  ", "practice"),
        ("正念教练", "practice"),
    ],
)
def test_it_makes_an_address_of_a_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_it_keeps_addresses_short() -> None:
    assert len(slug_of("very long name " * 9)) <= SLUG_AT_MOST


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("ana.alvarez@x.com", "Ana Alvarez"),
        ("jo_smith42@x.com", "Jo Smith"),
        ("info@x.com", "P"),
        ("ben.McBride+work@x.com", "Ben McBride"),
        ("42@x.com", "P"),
        ("j@x.com", "P"),
    ],
)
def test_it_guesses_a_name_from_an_address(email: str, name: str) -> None:
    assert name_in(email, "P") == name
