"""Questions about many clients at once: who stands where, who needs somebody first."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coachhub.habits.rules import Stage
from coachhub.platform.local_time import local_day, start_of_day

ASK_AGAIN_AFTER = timedelta(days=3)
COMPLAINT_IS_NEWS = timedelta(days=7)
A_WEEK = timedelta(days=7)
BOOSTER_AFTER_MONTHS = 2
_COUNTED = ("on_track", "at_risk", "off_track")
_WITH_A_STROKE = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
})  # fmt: skip
"""Letters that Unicode does not take apart, as who has no key for them writes them."""


class Standing(StrEnum):
    """Where a client stands in the coach's lists, most urgent first."""

    OFF_TRACK = "off_track"
    AT_RISK = "at_risk"
    NO_HABIT = "no_habit"
    ON_TRACK = "on_track"
    INVITED = "invited"
    PAUSED = "paused"
    ARCHIVED = "archived"

    @property
    def order(self) -> int:
        """0 for the most urgent."""
        return list(Standing).index(self)


class Need(StrEnum):
    """Why a client needs the coach today, most urgent first: whom no mail reaches, no reminder reaches either."""

    MAIL_STOPPED = "mail_stopped"
    PAYMENT = "payment"
    REPORT_FAILED = "report_failed"
    OFF_TRACK = "off_track"
    AT_RISK = "at_risk"
    NOT_STARTED = "not_started"
    REPORT_WAITING = "report_waiting"
    NO_HABIT = "no_habit"

    @property
    def order(self) -> int:
        """0 for the most urgent."""
        return list(Need).index(self)


class Spared(StrEnum):
    """Whom a coach may leave out of a nudge to many."""

    SESSION_SOON = "session_soon"
    NUDGED_LATELY = "nudged_lately"
    FIRST_MONTH = "first_month"


class Step(StrEnum):
    """What a new practice does first; each can be left out."""

    INVITE = "invite"
    CONFIRM = "confirm"
    ASSIGN = "assign"
    START = "start"


_BY_CLIENT_STATUS: Mapping[str, Standing] = {
    "invited": Standing.INVITED,
    "paused": Standing.PAUSED,
    "archived": Standing.ARCHIVED,
}


def standing_of(client_status: str, habit_status: str | None, *, is_month_paused: bool = False) -> Standing:
    """An active client stands where their month stands, all others where their record does.

    `habit_status` is None without a habit in the running month; a month that rests counts as paused.
    """
    if client_status in _BY_CLIENT_STATUS:
        return _BY_CLIENT_STATUS[client_status]
    if habit_status is None:
        return Standing.NO_HABIT
    return Standing.PAUSED if is_month_paused else Standing(habit_status)


def need_of(standing: Standing, invited_at: datetime | None, now: datetime) -> Need | None:
    """Why this client needs the coach, if they do: an invitation gets three days before anybody asks again.

    Somebody added whose link was never sent needs it at once.
    """
    if standing is Standing.INVITED:
        waits = invited_at is not None and now - invited_at < ASK_AGAIN_AFTER
        return None if waits else Need.NOT_STARTED
    needs = {
        Standing.OFF_TRACK: Need.OFF_TRACK,
        Standing.AT_RISK: Need.AT_RISK,
        Standing.NO_HABIT: Need.NO_HABIT,
    }
    return needs.get(standing)


def good_until(now: datetime, zone: ZoneInfo, turns: Iterable[datetime | None]) -> datetime:
    """Until when what is said of a client at `now` stays true, if nothing happens: the client's next midnight, at which
    a day of the month begins, or the first of these turns, whichever comes first.
    """
    midnight = start_of_day(local_day(now, zone) + timedelta(days=1), zone)
    return min([midnight, *(turn for turn in turns if turn is not None and turn > now)])


def plain(text: str) -> str:
    """Text for finding and sorting: small letters, no accents, no strokes."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_WITH_A_STROKE)


def words_of(name: str, address: str) -> str:
    """What a client is found and sorted by: the name, then the address. Tab sorts before whatever a name may hold."""
    return f"{plain(name)}\t{plain(address)}"


def is_mail_a_need(standing: Standing, cause: str, since: datetime, now: datetime) -> bool:
    """Whether the coach should do something about an address that gets no mail, for the reason `cause`.

    A bounce stays until it is put right. A complaint is a wish: it is told of for a week. Nobody misses mail at rest.
    """
    if standing in (Standing.PAUSED, Standing.ARCHIVED):
        return False
    return cause == "bounced" or now - since < COMPLAINT_IS_NEWS


def is_booster_due(status: str, missed_in_a_row: int, *, has_session: bool) -> bool:
    """Two months off track propose a booster session, unless there is one this month already: `speaks_this_month`."""
    return status == "off_track" and missed_in_a_row >= BOOSTER_AFTER_MONTHS and not has_session


def speaks_this_month(session_at: datetime | None, spoke_at: datetime | None, month_begins: datetime) -> bool:
    """Whether a session is planned, however far ahead, or the last one began in the running month."""
    return session_at is not None or (spoke_at is not None and spoke_at >= month_begins)


def does_month_count(standing: Standing) -> bool:
    """Whether a client's running month counts as done or missed."""
    return standing.value in _COUNTED


def has_session_soon(session_at: datetime | None, now: datetime) -> bool:
    """Whether coach and client speak within a week anyway."""
    return session_at is not None and session_at - now <= A_WEEK


def has_not_chosen(standing: Standing, stage: Stage | None) -> bool:
    """Whether nobody is chosen yet in a month that counts."""
    return does_month_count(standing) and stage is not None and not stage.reached(Stage.CHOSEN)


def share_of(part: int, whole: int) -> int | None:
    """How many percent of the whole a part is, rounded; None where there is no whole."""
    return round(100 * part / whole) if whole else None
