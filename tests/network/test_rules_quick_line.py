"""One line about a friend is read kindly, and nothing of it gets lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules import Kind
from coachhub.network.rules.quick_line import QuickLine, read_quick_line

names = st.text(st.characters(categories=["L", "M"]), min_size=1, max_size=20)
kinds = st.sampled_from(["mentor", "my boss", "Ex-colleague", "CEO", "", "a client", "Reported to me"])
commas = st.sampled_from([",", ", ", " ,", "،", "، ", "，", "、", ";", "\t"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Dan Dorsey", QuickLine("Dan Dorsey")),
        ("Dan Dorsey, Acme, mentor", QuickLine("Dan Dorsey", "Acme", Kind.MENTOR)),
        ("Dan Dorsey, mentor, Acme", QuickLine("Dan Dorsey", "Acme", Kind.MENTOR)),
        ("Dan Dorsey, my old boss", QuickLine("Dan Dorsey", "", Kind.MANAGER)),
        ("محمد الأحمد، أرامكو، mentor", QuickLine("محمد الأحمد", "أرامكو", Kind.MENTOR)),
        ("王小明，腾讯", QuickLine("王小明", "腾讯")),
        ("Dan Dorsey, Acme, Inc., ex-colleague", QuickLine("Dan Dorsey", "Acme, Inc.", Kind.COLLEAGUE)),
        ("Dan Dorsey at Acme, classmate", QuickLine("Dan Dorsey", "Acme", Kind.CLASSMATE)),
        ("Dan Dorsey (Acme)", QuickLine("Dan Dorsey", "Acme")),
        ("Eve, Initech, CTO", QuickLine("Eve", "Initech", Kind.EXECUTIVE, title="CTO")),
        ("Dan <dan@example.net>, Acme", QuickLine("Dan", "Acme", email="dan@example.net")),
        ("  Dan   Dorsey ,, Acme ,", QuickLine("Dan Dorsey", "Acme")),
        (", Acme", QuickLine("", "Acme")),
        ("", QuickLine("")),
        ("Mentor", QuickLine("Mentor")),
    ],
)
def test_it_reads_name_company_and_kind(line: str, said: QuickLine) -> None:
    assert read_quick_line(line) == said


def test_it_knows_the_words_of_the_readers_language() -> None:
    said = read_quick_line("Jana, Siemens, Kollegin", {"Kollegin": Kind.COLLEAGUE})
    assert said == QuickLine("Jana", "Siemens", Kind.COLLEAGUE)


@given(names, names, kinds, commas)
def test_it_finds_the_name_before_any_comma(name: str, company: str, kind: str, comma: str) -> None:
    said = read_quick_line(comma.join([name, company, kind]))
    assert said.name == name
    if kind and read_quick_line(f"{name},{company}").kind is None:
        assert (said.company, said.kind is not None) == (company, True)


@given(st.text(max_size=200))
def test_it_loses_no_letter_of_what_was_typed(line: str) -> None:
    said = read_quick_line(line)
    kept = said.name + said.company + said.title + said.email
    lost = {letter for letter in line if letter.isalnum()} - set(kept)
    assert said.kind is not None or not lost - set("atfromof")
