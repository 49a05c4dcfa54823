"""What several reminders say in the same way: a client's plan, and friends whom they might see."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from coachhub.network.rules import Silence, SilenceUnit, Why
from coachhub.network.service.suggestions import Suggestion
from coachhub.network.wording import why_words
from coachhub.platform.language import moment_words
from coachhub.reminders.rules import Items, Quote


def plan_quote(at: datetime | None, doing: str, place: str) -> Quote:
    """The plan as the client would say it: "When it is `at` (UTC), I will `doing`"; empty where there is none."""
    if at is None:
        return Quote("")
    said = _("When it is %(moment)s, I will %(doing)s.", moment=moment_words(at), doing=doing)
    return Quote(f"“{said}”" + (f" ({place})" if place else ""))


def friend_items(found: Iterable[Suggestion]) -> Items:
    """Friends by name, each with the reason for them."""
    return Items(tuple((each.friend.name, why_words(each.reason, each.friend.silence)) for each in found))


def sample_friends() -> Items:
    """Two made-up friends, for a preview."""
    easy = why_words(Why.WARM, Silence(SilenceUnit.WEEKS, 6))
    asleep = why_words(Why.LONG_SILENCE, Silence(SilenceUnit.YEARS, 2))
    return Items((("Robin Example", easy), ("Maria Muster", asleep)))
