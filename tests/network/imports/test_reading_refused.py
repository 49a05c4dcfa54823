"""Files that are refused, each with a word that says why."""

import struct
import tracemalloc
import zipfile
from io import BytesIO
from time import monotonic

import pytest

from coachhub.network.service.imports.people import LARGEST_FILE, MOST_ROWS, Problem, Unreadable
from coachhub.network.service.imports.reading import read_people
from tests.network.imports.shelf import LINKEDIN, asked_of, connection, people_of, problem_of, shelved


def zipped(method: int = zipfile.ZIP_DEFLATED, **contents: bytes) -> bytes:
    """A zip; `Connections_csv` stands for `Connections.csv`."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name.replace("_csv", ".csv").replace("_vcf", ".vcf"), content)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b"%PDF-1.7 ...", Problem.PDF),
        (b"\x89PNG\r\n\x1a\n....", Problem.PICTURE),
        (b"\xff\xd8\xff\xe0....", Problem.PICTURE),
        (b"\0\0\0\x18ftypheic....", Problem.PICTURE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", Problem.SPREADSHEET),
        (b"<!DOCTYPE html><title>Sign in</title>", Problem.WEB_PAGE),
        (b"\xef\xbb\xbf\n <HTML>", Problem.WEB_PAGE),
        (b'[{"name": "Dan"}]', Problem.JSON),
        (b"\x1f\x8b\x08....", Problem.WRONG_TYPE),
        (b"Name,Mail\nDan\0,x\n", Problem.NOT_A_TABLE),
        (b"\0" * 5_000, Problem.NOT_A_TABLE),
        (b"\n \r\n\n", Problem.NOT_A_TABLE),
        ("Имя,Фамилия\nИван,Петров\n".encode("cp1251"), Problem.LETTERS_UNCLEAR),
        (b"x" * 200_000, Problem.LINE_TOO_LONG),
    ],
)
def test_it_says_what_the_file_is(content: bytes, problem: Problem) -> None:
    assert problem_of(content) is problem


def test_it_refuses_a_file_that_is_too_large() -> None:
    assert problem_of(b"x" * (LARGEST_FILE + 1)) is Problem.TOO_LARGE


def test_it_refuses_an_endless_line_without_holding_it() -> None:
    content = LINKEDIN.encode() + b"x" * (LARGEST_FILE - 1_000)
    tracemalloc.start()
    assert problem_of(content) is Problem.LINE_TOO_LONG
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most - len(content) < 4 * 1024 * 1024


def test_it_holds_no_more_than_a_part_of_a_table() -> None:
    lines = (connection(f"No{n}", url=f"https://www.linkedin.com/in/p{n}", company="x" * 100) for n in range(25_000))
    file = BytesIO((LINKEDIN + "".join(lines)).encode())
    tracemalloc.start()
    assert sum(1 for _ in read_people(file, "x.csv").items) == 25_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 12 * 1024 * 1024


def test_it_refuses_more_than_thirty_thousand_people() -> None:
    lines = (connection(f"No{number}") for number in range(MOST_ROWS + 1))
    assert problem_of(LINKEDIN + "".join(lines)) is Problem.TOO_MANY_ROWS


def test_it_refuses_a_file_of_blank_lines() -> None:
    assert problem_of(LINKEDIN + "\n" * 1_000_001) is Problem.TOO_MANY_ROWS


def test_it_refuses_a_quotation_that_never_ends() -> None:
    lines = (connection(f"No{number}") for number in range(9_000))
    assert problem_of(LINKEDIN + connection(company='"Acme') + "".join(lines)) is Problem.QUOTE_NOT_ENDED


def test_it_says_what_was_expected_of_a_file_without_people() -> None:
    with pytest.raises(Unreadable) as refused:
        people_of(shelved("linkedin_nobody.csv"))
    assert (refused.value.problem, refused.value.expected) == (Problem.NO_PEOPLE, "linkedin")


def test_it_tells_a_spreadsheet_and_a_letter_from_a_zip() -> None:
    assert problem_of(zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""})) is Problem.SPREADSHEET
    assert problem_of(zipped(**{"mimetype": b"", "content.xml": b""})) is Problem.SPREADSHEET
    assert problem_of(zipped(**{"[Content_Types].xml": b"", "word/document.xml": b""})) is Problem.WRONG_TYPE


def test_it_takes_the_only_list_of_a_zip_and_asks_for_the_right_one_of_several() -> None:
    cards = b"BEGIN:VCARD\nFN:Dan\nEND:VCARD\n"
    assert people_of(zipped(all_vcf=cards, notes=b"x"))[1][0].name == "Dan"
    assert problem_of(zipped(Profile_csv=b"a,b", messages_csv=b"a,b")) is Problem.ZIP_WITHOUT_PEOPLE
    assert problem_of(zipped(notes=b"x")) is Problem.ZIP_WITHOUT_PEOPLE
    assert problem_of(zipped()) is Problem.ZIP_WITHOUT_PEOPLE


def test_it_refuses_a_zip_that_swells() -> None:
    assert problem_of(zipped(Connections_csv=b"x" * 19_000_000)) is Problem.ZIP_BOMB
    assert problem_of(zipped(Connections_csv=b"x" * 200_000_000)) is Problem.ZIP_BOMB
    assert problem_of(zipped(zipfile.ZIP_LZMA, Connections_csv=b"x" * 1_000)) is Problem.DAMAGED


def test_it_refuses_a_zip_inside_a_zip() -> None:
    inner = zipped(zipfile.ZIP_STORED, Connections_csv=LINKEDIN.encode())
    assert problem_of(zipped(Connections_csv=inner)) is Problem.WRONG_TYPE
    assert problem_of(zipped(inner_zip=inner)) is Problem.ZIP_WITHOUT_PEOPLE


def test_it_refuses_a_zip_that_lies_about_its_size() -> None:
    packed = bytearray(zipped(Connections_csv=b"x" * 200_000_000))
    index = packed.rfind(b"PK\x01\x02")
    packed[index + 24 : index + 28] = struct.pack("<L", 1_000)
    assert problem_of(bytes(packed)) is Problem.DAMAGED


def test_it_refuses_a_zip_with_an_endless_index() -> None:
    packed = bytearray(zipped(Connections_csv=LINKEDIN.encode()))
    end = packed.rfind(b"PK\x05\x06")
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 3_000_000, 0)
    pointer = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    assert problem_of(bytes(packed[:end]) + large + pointer + bytes(packed[end:])) is Problem.ZIP_BOMB
    packed[end + 12 : end + 16] = struct.pack("<L", 500_000_000)
    assert problem_of(bytes(packed)) is Problem.ZIP_BOMB


def test_it_refuses_a_zip_that_is_damaged_or_locked() -> None:
    packed = zipped(Connections_csv=(LINKEDIN + connection()).encode())
    assert problem_of(packed[: len(packed) // 2]) is Problem.DAMAGED
    locked = bytearray(packed)
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    assert problem_of(bytes(locked)) is Problem.PASSWORD


def test_it_reads_utf_8_with_a_broken_letter() -> None:
    content = LINKEDIN.encode() + "".join(connection("Zoë", "Müller") for _ in range(20)).encode() + b"Dan\xc3,Dorsey\n"
    _, people, _ = people_of(content)
    assert {person.name for person in people[:-1]} == {"Zoë Müller"}
    assert people[-1].name == "Dan\ufffd Dorsey"


def test_it_tells_how_much_is_read() -> None:
    content = (LINKEDIN + connection() * 20_000).encode()
    reading = read_people(BytesIO(content), "x.csv")
    next(reading.items)
    assert 0 < reading.done() < len(content)
    assert sum(1 for _ in reading.items) == 19_999
    assert reading.done() == len(content)


def test_it_is_done_soon_with_headings_that_are_none() -> None:
    begun = monotonic()
    asked_of(("a" + "\u0301\u0316" * 20_000 + ",b\n") * 20)
    assert problem_of(("," * 99_000 + "\n") * 30) is Problem.NOT_A_TABLE
    assert monotonic() - begun < 20  # minutes, where each cell were composed as a whole
