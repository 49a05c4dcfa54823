"""What coach and client of the demo agreed on in their sessions: some of it done, some open, some with a day."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.coaching.models import Action, Party
from coachhub.demo.bookings import Booked
from coachhub.demo.sheets import Sheets
from coachhub.demo.who import new_id
from coachhub.platform.local_time import local_day

_OF_CLIENTS = (
    "Write down three moments this week that felt easy",
    "Ask Eva how her team hires",
    "Block Thursday lunch for the next four weeks",
    "Send the first message before Friday",
    "List five people who know both industries",
    "Read the two articles about changing jobs at forty",
    "Practise the answer to “why do you want to leave?”",
)
_OF_COACHES = ("Send the sheet about salary talks", "Introduce Maria by mail")
TOPICS = (
    "I was asked to lead the new team and do not know whether I want to.",
    "How to write to somebody after six years of silence",
    "The interview on the 20th",
)
_SOON = timedelta(days=3)
_DROPPED, _UNDATED = 5, 3
"""Every which one was dropped, and has no day."""


def write_actions(
    sheets: Sheets,
    chance: random.Random,
    now: datetime,
    practice_id: UUID,
    who: Booked,
    held: Sequence[tuple[UUID, datetime]],
) -> None:
    """What was agreed in each session that took place, the last one first; most of that one is still open."""
    for back, (session_id, starts_at) in enumerate(held):
        whose = {"practice_id": practice_id, "client_id": who.client_id, "coach_id": who.coach_id}
        agreed_at = starts_at + timedelta(minutes=50)
        for owner, texts in ((Party.CLIENT, _OF_CLIENTS), (Party.CLIENT, _OF_CLIENTS), (Party.COACH, _OF_COACHES)):
            if owner is Party.COACH and chance.random() < 0.6:
                continue
            said = {"owner": owner.value, "text": chance.choice(texts), "due_on": _due(chance, who, agreed_at)}
            stands = _stands(chance, back, owner, agreed_at, now)
            made = {"created_at": agreed_at, "created_by": who.coach_id, "changed_at": agreed_at}
            sheets.add(Action, id=new_id(chance), session_id=session_id, **whose, **said, **made, **stands)


def topic_of(n: int, starts_at: datetime, now: datetime) -> dict[str, Any]:
    """What a client would like to talk about in a session of the next days; every second of them has said so."""
    is_said = now < starts_at < now + _SOON and n % 2 == 0
    topic = TOPICS[n // 2 % len(TOPICS)] if is_said else ""
    return {"topic": topic, "topic_at": now - timedelta(hours=2) if is_said else None}


def _due(chance: random.Random, who: Booked, agreed_at: datetime) -> Any:
    if chance.randrange(_UNDATED) == 0:
        return None
    return local_day(agreed_at, ZoneInfo(who.time_zone)) + timedelta(days=chance.choice((7, 14, 30)))


def _stands(chance: random.Random, back: int, owner: Party, agreed_at: datetime, now: datetime) -> dict[str, Any]:
    is_open = back == 0 and chance.random() < 0.7
    is_dropped = not is_open and chance.randrange(_DROPPED) == 0
    ended_at = min(agreed_at + timedelta(days=chance.randrange(2, 16), hours=3), now)
    return {
        "done_at": None if is_open or is_dropped else ended_at,
        "done_by": None if is_open or is_dropped else owner.value,
        "dropped_at": ended_at if is_dropped else None,
    }
