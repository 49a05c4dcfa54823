"""What the address of the list of clients asks for, and back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from coachhub.reports.rules import Standing
from coachhub.reports.service.clients_page import SORTS, ClientsQuery

LONGEST_SEARCH = 100
NOT_CHOSEN = "not_chosen"
IN_NEED = "me"
_LAST_PAGE = 10_000
_EVERYBODY = ClientsQuery()


def query_in(arguments: Mapping[str, str]) -> ClientsQuery:
    """The query of an address; nonsense in it asks for nothing."""
    if not arguments:
        return _EVERYBODY
    status, sort = arguments.get("status", ""), arguments.get("sort", "")
    return ClientsQuery(
        status=Standing(status) if status in set(Standing) else None,
        coach_id=_id(arguments.get("coach", "")),
        words=arguments.get("q", "").strip()[:LONGEST_SEARCH],
        not_chosen=arguments.get("stage") == NOT_CHOSEN,
        in_need=arguments.get("needs") == IN_NEED,
        sort=sort if sort.removeprefix("-") in SORTS else "name",
        page=_page(arguments.get("page", "")),
    )


def arguments_of(query: ClientsQuery) -> dict[str, Any]:
    """What an address says of who is on the list: everything but the order and the page. None is left out of it."""
    return {
        "status": query.status.value if query.status else None,
        "stage": NOT_CHOSEN if query.not_chosen else None,
        "needs": IN_NEED if query.in_need else None,
        "coach": str(query.coach_id) if query.coach_id else None,
        "q": query.words or None,
    }


def sort_asked(query: ClientsQuery) -> str | None:
    """The order, as an address says it; None where it is the usual one."""
    return query.sort if query.sort != "name" else None


def kept_words(query: ClientsQuery) -> str:
    """The query as it is kept under a name: who is on the list and in which order, on its first page."""
    asked = arguments_of(query) | {"sort": sort_asked(query)}
    return urlencode({name: value for name, value in asked.items() if value})


def query_kept(words: str) -> ClientsQuery:
    """A query that was kept."""
    return query_in(dict(parse_qsl(words)))


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _page(written: str) -> int:
    return min(max(int(written), 1), _LAST_PAGE) if written.isascii() and written.isdigit() and len(written) < 9 else 1
