"""vCards of three versions, many in a file."""

from coachhub.network.service.imports.people import Person, Reason, Source
from tests.network.imports.shelf import people_of, problem_of, shelved


def card(*lines: str) -> str:
    return "\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


def test_it_reads_2_1() -> None:
    source, [zoe, dan], left = people_of(shelved("vcard_2_1.vcf"))
    assert (source, left) == (Source.VCARD, [])
    assert (zoe.name, zoe.company, zoe.city) == ("Zoë Müller", "Müller GmbH", "Leeds")
    assert (zoe.email, zoe.phone, zoe.notes) == ("zoe@example.org", "+49 170 1234567", "Met in München,\nlikes tea.")
    assert (dan.line, dan.name, dan.phone) == (17, "Dan Dorsey", "0113 496 0123")


def test_it_reads_3_0() -> None:
    _, [dan, layla], _ = people_of(shelved("vcard_3_0.vcf"))
    assert dan == Person(
        line=1,
        name="Dan, the one from Leeds",
        company="Northwind; Sons",
        title="Engineer",
        email="dan@example.org",
        phone="+44 7700 900123",
        city="Leeds",
        profile="linkedin.com/in/dan-dorsey",
        notes="First line\nsecond line",
    )
    assert (layla.line, layla.name, layla.email) == (20, "ليلى حداد", "layla@example.org")


def test_it_reads_4_0() -> None:
    _, [wang], _ = people_of(shelved("vcard_4_0.vcf"))
    assert (wang.name, wang.company, wang.title, wang.city) == ("王小明", "Contoso", "Designer", "上海")
    assert (wang.email, wang.phone) == ("xiaoming@example.org", "+86-10-5555-0123")
    assert wang.profile == "linkedin.com/in/xiaoming-wang"


def test_it_goes_on_after_a_bad_card() -> None:
    _, people, left = people_of(shelved("vcard_some_bad.vcf"))
    assert [(person.line, person.name, person.remark) for person in people] == [
        (13, "Only A Company Ltd", None),
        (17, "Femi Okafor", Reason.PARTLY_READ),
    ]
    assert [(item.line, item.reason) for item in left] == [
        (1, Reason.CARD_NOT_ENDED),
        (5, Reason.BAD_CARD),
        (9, Reason.NO_NAME),
        (24, Reason.CARD_NOT_ENDED),
    ]


def test_it_speaks_a_structured_name_as_people_do() -> None:
    cards = card("N:Dorsey;Dan;Michael;Dr.;") + card("N:王;小明;;;") + card("N:Solo;;;;")
    assert [person.name for person in people_of(cards)[1]] == ["Dan Michael Dorsey", "王小明", "Solo"]


def test_it_passes_over_pictures_of_any_size() -> None:
    folded = "\n ".join(["A" * 74] * 5_000)
    in_one_line = f"LOGO:data:image/png;base64,{'A' * 900_000}"
    pictures = (f"PHOTO;ENCODING=b:{folded}", in_one_line, "KEY;BASE64:\nAAAA=\nBBBB=\n")
    _, [dan], _ = people_of(card("FN:Dan Dorsey", *pictures, "EMAIL:dan@example.org"))
    assert (dan.name, dan.email) == ("Dan Dorsey", "dan@example.org")


def test_it_leaves_out_a_card_that_is_too_long() -> None:
    _, [ana], [left] = people_of(card("FN:Dan", *["NOTE:" + "x" * 90_000] * 3) + card("FN:Ana"))
    assert (ana.name, left.reason, left.text[:6]) == ("Ana", Reason.CARD_TOO_LONG, "FN:Dan")
    assert people_of(card("FN:Dan", *["TEL:0113 496 0123"] * 600) + card("FN:Ana"))[2][0].reason is Reason.CARD_TOO_LONG


def test_it_names_somebody_on_two_cards_once() -> None:
    _, [dan], [left] = people_of(card("FN:Dan", "EMAIL:dan@example.org") + card("FN:Daniel", "EMAIL:DAN@example.org"))
    assert (dan.name, left.reason, left.line, left.earlier) == ("Dan", Reason.SAME_PERSON, 6, 1)


def test_it_reads_cards_of_windows_and_in_utf_16() -> None:
    text = card("FN:Zoë Müller")
    for encoded in (text.replace("\n", "\r\n").encode(), text.encode("utf-16"), text.encode("cp1252")):
        assert people_of(encoded)[1][0].name == "Zoë Müller"


def test_it_says_when_no_card_has_a_name() -> None:
    assert problem_of(card("EMAIL:dan@example.org")) == "no_people"


def test_it_is_done_at_once_with_a_line_that_can_be_read_in_many_ways() -> None:
    lines = [
        "TEL;" + "A=B;" * 100 + ";x",
        "TEL;A=" + '"x",' * 100,
        "EMAIL;A=B" + ",B" * 200,
        "TEL;" + "A=B;" * 100 + ":1",
    ]
    _, [dan], _ = people_of(card("FN:Dan Dorsey", *lines, 'ADR;GEO="geo:1,2";TYPE=work:;;;Leeds'))
    assert (dan.name, dan.city, dan.remark) == ("Dan Dorsey", "Leeds", Reason.PARTLY_READ)


def test_it_keeps_no_half_of_a_letter() -> None:
    bad = card("FN;CHARSET=unicode_escape;ENCODING=QUOTED-PRINTABLE:Zoe \\ud800\\x00")
    _, people, _ = people_of(bad + card("FN:Dan Dorsey"))
    assert [person.name.encode() for person in people] == [b"Zoe ?", b"Dan Dorsey"]
