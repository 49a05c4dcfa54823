"""The preview of an import: who is new, who looks like a friend, and the client's ticks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.service.imports.left_out import left_out
from coachhub.network.service.imports.people import Column
from coachhub.network.service.imports.preview import (
    PAGE,
    Choice,
    Likeness,
    StagedPerson,
    Tab,
    Tally,
    choose,
    preview_page,
    tick,
    tick_all,
)
from coachhub.network.service.imports.records import ImportEntry, State, import_of
from coachhub.network.service.imports.taking import ask_to_take
from coachhub.network.service.owner import Owner
from coachhub.network.views.pages import owner, pages
from coachhub.platform.guards import for_client
from coachhub.platform.language import date_short
from coachhub.platform.web import asked_page

_HIGHEST_LINE = 2**31 - 1
_COMPARED = (
    Column.NAME,
    Column.COMPANY,
    Column.TITLE,
    Column.EMAIL,
    Column.PHONE,
    Column.CITY,
    Column.PROFILE,
    Column.KNOWN_SINCE,
)


@dataclass(frozen=True)
class Asked:
    """What the address of a preview asks for; what it does not understand it leaves out."""

    import_id: UUID
    tab: Tab
    search: str
    page: int

    def url(self, **changes: Any) -> str:
        """The address with something changed; another part or search begins at its first page."""
        kept: dict[str, Any] = {"tab": self.tab.value, "q": self.search or None}
        return url_for("network.import_page", import_id=self.import_id, **{**kept, **changes})


def _asked(import_id: UUID) -> Asked:
    tab = request.values.get("tab", "")
    search = request.values.get("q", "").strip()[:100]
    return Asked(import_id, Tab(tab) if tab in set(Tab) else Tab.NEW, search, asked_page())


def show_preview(entry: ImportEntry) -> str:
    """The page of an import that waits for the client's word."""
    asked = _asked(entry.id)
    preview = preview_page(entry.id, asked.tab, asked.search, asked.page)
    lines = left_out(entry.id, offered=True, limit=PAGE + 1, page=asked.page) if asked.tab is Tab.LEFT else []
    return render_template(
        "network/import_preview.html",
        entry=entry,
        asked=asked,
        tally=preview.tally,
        found=sum(preview.tally.counts[tab] for tab in (Tab.NEW, Tab.LIKE, Tab.OTHER)),
        parts=_parts(asked, preview.tally),
        people=[_line(person) for person in preview.people],
        pairs=[_pair(likeness) for likeness in preview.likenesses],
        companies=[(asked.url(q=name), name, name == asked.search, count) for name, count in preview.companies],
        lines=[(line.line, line.text, wording.left_out_words(line.reason, line.earlier)) for line in lines[:PAGE]],
        has_more=preview.has_more or len(lines) > PAGE,
    )


def _parts(asked: Asked, tally: Tally) -> list[tuple[str, str, bool, int]]:
    words = {
        Tab.NEW: _("New"),
        Tab.LIKE: _("Perhaps yours already"),
        Tab.OTHER: _("Other contacts"),
        Tab.LEFT: _("Not taken"),
    }
    shown = [tab for tab in Tab if tab is Tab.NEW or tally.counts[tab] or tab is asked.tab]
    return [(asked.url(tab=tab.value, q=None), words[tab], tab is asked.tab, tally.counts[tab]) for tab in shown]


def _line(person: StagedPerson) -> tuple[int, bool, str, str, str]:
    return person.line, person.is_ticked, person.name, " · ".join(_facts(person)), _remark(person)


def _facts(person: StagedPerson) -> list[str]:
    since = _("known since %(year)s", year=person.known_since.year) if person.known_since else ""
    work = ", ".join(filter(None, (person.title, person.company)))
    return [fact for fact in (work, person.city, since, person.email or person.phone) if fact]


def _remark(person: StagedPerson) -> str:
    return wording.reason_words(person.remark) if person.remark else ""


def _pair(likeness: Likeness) -> tuple[int, Choice, StagedPerson, list[tuple[str, str, str]]]:
    """Both side by side: each fact in the file and in the network, where one of them has it."""
    theirs, yours = (
        (
            person.name,
            person.company,
            person.title,
            person.email,
            person.phone,
            person.city,
            person.profile,
            date_short(person.known_since) if person.known_since else "",
        )
        for person in (likeness.person, likeness.friend)
    )
    facts = zip([wording.column_words(column) for column in _COMPARED], theirs, yours, strict=True)
    return likeness.person.line, likeness.person.choice, likeness.friend, [fact for fact in facts if any(fact[1:])]


@pages.post("/friends/import/<uuid:import_id>/ticks")
@for_client
def ticks(import_id: UUID) -> ResponseReturnValue:
    """Keep the ticks of the page, and do what the pressed button says: tick all, none, turn the page, add."""
    mine = owner()
    entry = import_of(mine, import_id)
    asked = _asked(import_id)
    if entry.state is not State.PREVIEW:
        return redirect(url_for("network.import_page", import_id=import_id), 303)
    _keep(mine, asked)
    pressed = request.form.get("do", "")
    if pressed == "take":
        return _take(mine, import_id, asked)
    if pressed in ("all", "none"):
        tick_all(mine, import_id, asked.tab, pressed == "all", asked.search)
    return redirect(asked.url(page=request.form.get("go", asked.page, type=int)), 303)


def _keep(mine: Owner, asked: Asked) -> None:
    tick(mine, asked.import_id, _lines("line"), _lines("tick"))
    chosen = {line: request.form.get(f"choice-{line}", "") for line in _lines("pair")}
    known = {line: Choice(choice) for line, choice in chosen.items() if choice in set(Choice)}
    choose(mine, asked.import_id, known)


def _lines(name: str) -> list[int]:
    """The lines that a form names: as many as a page has, and no higher than lines are."""
    named = request.form.getlist(name, type=int)[:PAGE]
    return [line for line in named if 0 <= line <= _HIGHEST_LINE]


def _take(mine: Owner, import_id: UUID, asked: Asked) -> ResponseReturnValue:
    if ask_to_take(mine, import_id):
        return redirect(url_for("network.import_page", import_id=import_id), 303)
    flash(_("Nobody is ticked yet. Tick those you liked working with, then add them."), "warning")
    return redirect(asked.url(page=asked.page), 303)
