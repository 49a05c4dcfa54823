"""What a document says of a network: numbers alone, as nobody in it has agreed to stand in a report."""

from flask_babel import gettext as _

from coachhub.network.charts import number_words
from coachhub.network.rules import Network
from coachhub.reports.documents.pictures import warmth_alt, warmth_states


def network_part(network: Network | None, change: float | None, since: str = "") -> dict[str, object]:
    """The network in a sentence and by warmth. `change` of its strength, None where unknown; `since` when, in words."""
    name = str(_("Network"))
    if network is None:
        return _without(name, _("The network begins when the client signs in for the first time."))
    if not network.friends:
        return _without(name, _("There is nobody in the network yet."))
    words = strength_words(network.strength, change, since or str(_("a year ago")))
    return {"name": name, "words": words, "states": warmth_states(network), "alt": warmth_alt(network), "charts": []}


def strength_words(now: float, change: float | None, since: str) -> str:
    """`Network strength is 6.4, 1.2 more than a year ago.`"""
    strength, moved = number_words(now), round(change or 0.0, 1)
    more = {"strength": strength, "by": number_words(abs(moved)), "since": since}
    if change is None:
        return str(_("Network strength is %(strength)s.", strength=strength))
    if moved > 0:
        return str(_("Network strength is %(strength)s, %(by)s more than %(since)s.", **more))
    if moved < 0:
        return str(_("Network strength is %(strength)s, %(by)s less than %(since)s.", **more))
    return str(_("Network strength is %(strength)s, the same as %(since)s.", **more))


def _without(name: str, words: str) -> dict[str, object]:
    return {"name": name, "words": str(words), "states": [], "alt": "", "charts": []}
