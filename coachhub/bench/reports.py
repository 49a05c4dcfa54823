"""`coachhub bench reports`: a two-page report beside the bare setting of such a document, and five hundred in a batch.

Typst remembers what it has set, so both sides set documents of different clients, each of them only once.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import psycopg
import typst

from coachhub.bench.batch import batch_figures
from coachhub.bench.figures import Contest, Count, Figure, Limit
from coachhub.bench.rounds import Watch, in_turn
from coachhub.bench.scratch import Scratch, counting, scratch
from coachhub.demo.practice import load_practices
from coachhub.habits.rules import Month
from coachhub.platform.clock import SystemClock
from coachhub.platform.language import as_reader
from coachhub.platform.tenancy import as_practice
from coachhub.platform.typeset import fonts
from coachhub.platform.web import templates_folder
from coachhub.reports.documents import ReportRow, facts_of
from coachhub.reports.documents.facts import ProgressFacts
from coachhub.reports.documents.progress_words import progress_words
from coachhub.reports.models import ReportKind
from coachhub.reports.service.shelf.asking import ask_for_progress_report
from coachhub.reports.service.shelf.making import make_reports
from coachhub.reports.service.shelf.subjects import Subject

BATCH = 500
MOST_TIMES_BARE = 1.5
"""A whole report, claimed, read, set and kept, beside Typst alone."""
PAGES = 2
_MONTHS = 12
_IN_A_ROW = 5
"""Reports a round: a worker makes many in a row."""


def bench_reports(rounds: int, batch: int = BATCH) -> list[Figure]:
    """Every figure, in turn; half a minute for ten rounds and five hundred reports."""
    with scratch() as made:
        load_practices(made.settings, 1, _loaded(batch, rounds))
        made.as_owner("analyze")
        desk = _desk(made)
        figures = _one_report(desk, rounds)
        return figures + batch_figures(made, desk.practice_id, desk.owner_id, desk.last)


def _loaded(batch: int, rounds: int) -> int:
    """So many clients that enough of them have started: some are invited only, some have gone."""
    return max(batch, 2 * _IN_A_ROW * (rounds + 2)) * 5 // 4


@dataclass
class _Desk:
    """The loaded practice, and its clients who have started, each of whom is taken once."""

    made: Scratch
    practice_id: UUID
    owner_id: UUID
    clients: Iterator[UUID]
    last: Month
    said: list[str] = field(default_factory=list)

    def ask(self) -> None:
        """Have the report of a next client's year made."""
        year = Subject.months(ReportKind.PROGRESS, self.last.plus(1 - _MONTHS), self.last)
        with self.made.web.app_context(), as_practice(self.practice_id, self.owner_id):
            ask_for_progress_report(next(self.clients), year)

    def make(self) -> None:
        """What a worker does with it: claim, read, set, keep, and look for the next."""
        with self.made.worker.app_context():
            make_reports(self.practice_id, 0)

    def word(self) -> None:
        """Put the words of a next client's year together, for Typst alone."""
        first, last = self.last.plus(1 - _MONTHS).first_day(), self.last.first_day()
        row = ReportRow(uuid4(), ReportKind.PROGRESS, next(self.clients), None, first, last, 1, SystemClock().now())
        with self.made.worker.app_context():
            with as_practice(self.practice_id):
                facts = facts_of(row)
            assert isinstance(facts, ProgressFacts)  # noqa: S101 (months were asked for)
            with as_reader(facts.whose.reader_locale, facts.whose.zone.key):
                self.said.append(json.dumps(progress_words(facts), ensure_ascii=False))


def _desk(made: Scratch) -> _Desk:
    with psycopg.connect(made.superuser_url) as connection:
        found = connection.execute(
            "select c.practice_id, (array_agg(m.user_id))[1], array_agg(distinct c.id) from clients c "
            "join memberships m on m.practice_id = c.practice_id and m.role = 'owner' "
            "where c.status = 'active' group by 1 order by count(*) desc limit 1"
        ).fetchone()
    assert found is not None  # noqa: S101 (it was just loaded)
    return _Desk(made, found[0], found[1], iter(found[2]), Month.of(SystemClock().now().date()).previous())


def _one_report(desk: _Desk, rounds: int) -> list[Figure]:
    pages: list[int] = []

    def ours(watch: Watch) -> None:
        for _ in range(_IN_A_ROW):
            desk.ask()
        with watch.step("make"):
            desk.make()

    def bare(watch: Watch) -> None:
        for _ in range(_IN_A_ROW):
            desk.word()
            with watch.step("set"):
                made = _set(desk.said[-1])
            pages.append(_pages_of(made))

    sides = in_turn(ours, bare, rounds)
    desk.ask()
    with counting(desk.made.worker) as statements:
        desk.make()
    name = "Five reports of a year"
    return [
        Contest(name, "Typst alone, another client's", *sides, MOST_TIMES_BARE),
        Limit(f"{name}, its length", "pages", max(pages), PAGES, least=PAGES),
        Count(f"{name}, statements", "statements", statements(), None, [0.0]),
    ]


def _set(said: str) -> bytes:
    folder = templates_folder() / "report"
    made = typst.compile(
        folder / "progress.typ",
        root=folder,
        font_paths=fonts(),
        format="pdf",
        sys_inputs={"said": said},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    assert isinstance(made, bytes)  # noqa: S101 (a PDF is one file)
    return made


def _pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
