"""The rules of a client's network: pure functions of facts, local days and UTC instants."""

from coachhub.network.rules.answering import (
    ANSWERED_LATELY,
    MOST_TIMES,
    Standing,
    clashes,
    on_offer,
    standing_of,
)
from coachhub.network.rules.friendship import (
    AWAKE_FROM,
    DROWSY_FROM,
    HALF_LIFE_DAYS,
    HIBERNATING_FROM,
    Kind,
    Silence,
    SilenceUnit,
    Warmth,
    network_strength,
    silence,
    warmth,
    warmth_state,
)
from coachhub.network.rules.links import (
    mailto_link,
    sms_link,
    whatsapp_link,
)
from coachhub.network.rules.who_next import (
    DECLINED_LATELY,
    Candidate,
    Suggestion,
    Why,
    may_be_suggested,
    order_to_suggest,
    why_suggested,
)

__all__ = [
    "ANSWERED_LATELY",
    "AWAKE_FROM",
    "DECLINED_LATELY",
    "DROWSY_FROM",
    "HALF_LIFE_DAYS",
    "HIBERNATING_FROM",
    "MOST_TIMES",
    "Candidate",
    "Kind",
    "Silence",
    "SilenceUnit",
    "Standing",
    "Suggestion",
    "Warmth",
    "Why",
    "clashes",
    "mailto_link",
    "may_be_suggested",
    "network_strength",
    "on_offer",
    "order_to_suggest",
    "silence",
    "sms_link",
    "standing_of",
    "warmth",
    "warmth_state",
    "whatsapp_link",
    "why_suggested",
]
