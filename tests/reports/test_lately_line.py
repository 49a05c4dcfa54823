"""A step that a client took lately, as a line of Today that is written once."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from markupsafe import escape

from coachhub.habits.rules import Stage
from coachhub.platform.language import as_reader
from coachhub.reports.need_line import LATELY_LINES
from coachhub.reports.service.today import Lately

AT = datetime(2026, 3, 4, 22, tzinfo=UTC)


def _line(stage: Stage, zone: str, locale: str = "en_GB") -> str:
    with as_reader(locale, "UTC"):
        return escape(LATELY_LINES(Lately(UUID(int=7), "<Ben>", zone, stage, AT), 2026))


def test_it_names_the_client_and_their_own_day_in_the_readers_language(app: Flask) -> None:
    with app.test_request_context():
        london, tokyo, chosen = _line(Stage.MET, "UTC"), _line(Stage.MET, "Asia/Tokyo"), _line(Stage.CHOSEN, "UTC")
        assert "Wednesday 4 March" in london
        assert "Thursday 5 March" in tokyo
        assert "2026-03-04T22:00:00+00:00" in tokyo
        assert "<bdi>&lt;Ben&gt;</bdi>" in london
        assert ("is-good" in london, "is-good" in chosen) == (True, False)
        assert "4 March" not in _line(Stage.MET, "UTC", "de")
        assert _line(Stage.MET, "UTC") == london
