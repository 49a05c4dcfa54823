"""One person's public profile, however its address is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules.profiles import normalised_profile, people_profile


@pytest.mark.parametrize(
    "address",
    [
        "https://www.linkedin.com/in/dan-dorsey",
        "http://linkedin.com/in/dan-dorsey/",
        "https://de.linkedin.com/in/Dan-Dorsey/?x=1",
        "www.linkedin.com/in/dan-dorsey#about",
        " linkedin.com/in/dan-dorsey/de ",
        "HTTPS://UK.LinkedIn.com/mwlite/in/DAN-DORSEY",
        "https://www.linkedin.com/comm/in/d%61n-dorsey",
    ],
)
def test_it_writes_one_profile_one_way(address: str) -> None:
    assert normalised_profile(address) == "linkedin.com/in/dan-dorsey"


@pytest.mark.parametrize(
    ("address", "profile"),
    [
        ("https://www.linkedin.com/in/J%C3%B6rg-M%C3%BCller", "linkedin.com/in/jörg-müller"),
        ("https://www.linkedin.com/in/jo\u0308rg-m%C3%BCller", "linkedin.com/in/jörg-müller"),
        ("https://www.linkedin.com/pub/dan/1/2/3", "linkedin.com/pub/dan/1/2/3"),
        ("https://www.linkedin.com/in/dan%2Fx", "linkedin.com/in/dan%2fx"),
        ("https://www.xing.com/profile/Dan_Dorsey?sc=1", "xing.com/profile/Dan_Dorsey"),
        ("https://github.com/Dan", "github.com/Dan"),
    ],
)
def test_it_keeps_what_tells_people_apart(address: str, profile: str) -> None:
    assert normalised_profile(address) == profile


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dan",
        "javascript:alert(1)",
        "ftp://linkedin.com/in/dan",
        "https://dan@evil.example/x",
        "https://evil.example:80/x",
        "http://[::1",
        "https://linkedin.com\u202e/in/dan",
        'https://x.example/"><script>',
        "https://" + "x" * 5_000 + ".example",
    ],
)
def test_it_takes_nothing_else_for_a_profile(text: str) -> None:
    assert normalised_profile(text) == ""


def test_it_knows_a_person_from_a_company() -> None:
    assert people_profile("https://www.linkedin.com/in/dan") == "linkedin.com/in/dan"
    assert people_profile("https://www.linkedin.com/company/acme") == ""
    assert people_profile("https://www.acme.example/dan") == ""


odd = st.text(st.sampled_from("aZ%2F/?#.:@-é \u0308"), max_size=40)


@given(st.text(max_size=60) | odd.map("linkedin.com/in/".__add__))
def test_it_changes_a_normalised_profile_no_further(text: str) -> None:
    once = normalised_profile(text)
    assert normalised_profile(once) == once
