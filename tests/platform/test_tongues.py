"""Texts of templates: each in the reader's language, with what people wrote escaped."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, ngettext

from coachhub.platform.language import as_reader, month_words
from coachhub.platform.tongues import speak_tongues, tongue

_GREETING = "{{ _('Hello <b>%(name)s</b>', name=name) }}"


@pytest.fixture
def german(tmp_path: Path) -> Flask:
    """An application that knows a few words of German."""
    words = Catalog(locale="de")
    words.add("Hello <b>%(name)s</b>", "Hallo <b>%(name)s</b>")
    words.add("100%% yours", "100%% deins")
    words.add(("%(num)s friend", "%(num)s friends"), ("%(num)s Freund", "%(num)s Freunde"))
    written = BytesIO()
    write_mo(written, words)
    folder = tmp_path / "translations/de/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(written.getvalue())
    app = Flask("tongues", root_path=str(tmp_path))
    speak_tongues(app, lambda: "en_GB", lambda: "UTC")
    return app


def test_it_speaks_the_readers_language_and_goes_back_to_it(german: Flask) -> None:
    with german.test_request_context():
        assert render_template_string(_GREETING, name="Ben") == "Hello <b>Ben</b>"
        with force_locale("de_AT"):
            assert tongue().tag == "de_AT"
            assert render_template_string(_GREETING, name="Ben") == "Hallo <b>Ben</b>"
            assert gettext("100%% yours") == "100%% deins"
        assert (tongue().tag, gettext("100%% yours")) == ("en_GB", "100%% yours")


def test_it_escapes_what_people_wrote_in_every_language(german: Flask) -> None:
    with german.test_request_context():
        for locale in ("en", "de"):
            with force_locale(locale):
                assert "<b>&lt;i&gt;</b>" in render_template_string(_GREETING, name="<i>")


@pytest.mark.parametrize(("locale", "written"), [("en", "1 friend, 2 friends"), ("de", "1 Freund, 2 Freunde")])
def test_it_counts_in_every_language(german: Flask, locale: str, written: str) -> None:
    counted = "{{ ngettext('%(num)s friend', '%(num)s friends', number) }}"
    with german.test_request_context(), force_locale(locale):
        page = ", ".join(render_template_string(counted, number=number) for number in (1, 2))
        told = ", ".join(ngettext("%(num)s friend", "%(num)s friends", number) for number in (1, 2))
        assert (page, told) == (written, written)


def test_it_writes_one_percent_sign_for_two(german: Flask) -> None:
    with german.test_request_context():
        assert render_template_string("{{ _('100%% yours') }}") == "100% yours"


def test_it_writes_to_two_readers_in_one_request(german: Flask) -> None:
    with german.test_request_context():
        tags = []
        for locale in ("de", "en_GB", "de"):
            with as_reader(locale, "UTC"):
                tags.append(tongue().tag)
        assert tags == ["de", "en_GB", "de"]


def test_it_speaks_english_where_nobody_asks() -> None:
    assert tongue().tag == "en"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en_GB", "March 2026"),
        ("de", "März 2026"),
        ("es", "marzo de 2026"),
        ("ja", "2026年3月"),
        ("ko", "2026년 3월"),
        ("zh_TW", "2026年3月"),
    ],
)
def test_it_writes_a_month_as_its_reader_does(german: Flask, locale: str, words: str) -> None:
    with german.test_request_context(), as_reader(locale, "UTC"):
        assert month_words(date(2026, 3, 1)) == words
