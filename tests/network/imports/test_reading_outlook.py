"""Outlook's contacts, of the old program and of the new one."""

from coachhub.network.service.imports.people import Reason, Source
from tests.network.imports.shelf import people_of, shelved


def test_it_reads_the_old_program() -> None:
    source, [dan, zoe, femi], [left] = people_of(shelved("outlook_old.csv"))
    assert source is Source.OUTLOOK
    assert (dan.name, dan.company, dan.title) == ("Dan Dorsey", "Northwind", "Engineer")
    assert (dan.email, dan.phone, dan.city) == ("dan@example.org", "+44 7700 900123", "Leeds")
    assert (dan.profile, dan.notes) == ("linkedin.com/in/dan-dorsey", "Met in Leeds.\nLikes tea.")
    assert (zoe.name, zoe.company, zoe.phone, zoe.city) == ("Zoë Müller", "Müller & Söhne", "+49 89 123456", "München")
    assert (femi.name, femi.email) == ("Femi Okafor", "femi@example.org")
    assert (left.line, left.reason) == (6, Reason.NO_NAME)


def test_it_reads_the_new_program() -> None:
    source, [dan], _ = people_of(shelved("outlook_new.csv"))
    assert source is Source.OUTLOOK
    assert (dan.name, dan.company, dan.title, dan.city) == ("Dan Dorsey", "Northwind", "Engineer", "Leeds")
    assert (dan.email, dan.phone) == ("dan@example.org", "+44 7700 900123")
