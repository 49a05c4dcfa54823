"""The words and prices of what the demo practice offers. Prices are in pence; hours of a week are whole hours."""

from dataclasses import dataclass

HEADLINE = "Career coaching for people who would rather talk to one person than to a room"
ABOUT = """We are three coaches in London and Amsterdam. We work with people who lead, or are about to, and who find \
networking a chore.

What you can expect:

- **one thing a month** that you can do in an hour
- a coach who has sat on your side of the table
- no slides
"""
SELLER = {
    "name": "Alvarez & Partners Ltd",
    "address": "12 Lamb's Conduit Street\nLondon WC1N 3LL",
    "tax_number": "GB 123 4567 89",
    "tax_name": "VAT",
    "tax_basis_points": 2000,
    "footer": "Thank you for working with us.",
}


@dataclass(frozen=True)
class Profile:
    """A coach as visitors meet them, and their week: weekday, from and until.

    `other_days`: in how many days, how many of them, the hours or none, and a note.
    """

    title: str
    about: str
    place: str
    time_zone: str
    week: tuple[tuple[int, int, int], ...]
    other_days: tuple[tuple[int, int, tuple[int, int] | None, str], ...] = ()
    daily_limit: int | None = None


@dataclass(frozen=True)
class Sold:
    """An offering. `coaches` are the places of those who give it among the practice's coaches."""

    slug: str
    title: str
    description: str
    minutes: int
    price: int
    coaches: tuple[int, ...]
    status: str = "open"
    is_hidden: bool = False
    is_intro: bool = False
    place_kind: str = "video"
    place: str = ""
    buffer_after: int = 0
    late_percent: int = 0


def _on(days: tuple[int, ...], *hours: tuple[int, int]) -> tuple[tuple[int, int, int], ...]:
    return tuple((day, begin, end) for day in days for begin, end in hours)


PROFILES = (
    Profile(
        "Founder, career coach (PCC)",
        "I led product teams for fifteen years. I coach **introverts who lead**: you do not have to become loud.",
        "https://meet.example/ana",
        "Europe/London",
        (*_on((0, 1, 2, 3), (9, 12), (13, 17)), (4, 9, 13)),
        ((24, 7, None, "Walking in the Lakes"), (10, 1, (14, 18), "Training in the morning")),
        5,
    ),
    Profile(
        "Career coach (ACC)",
        "I was a recruiter, so I know how careers look from the other side of the table.",
        "https://meet.example/samuel",
        "Europe/London",
        _on((1, 2, 3, 4), (10, 13), (14, 18)),
    ),
    Profile(
        "Executive coach",
        "Dutch, direct and kind. I work with founders and with those who have just been promoted.",
        "https://meet.example/mirjam",
        "Europe/Amsterdam",
        (*_on((0, 2, 4), (8, 12), (14, 18)), (5, 10, 13)),
        ((31, 3, None, "Family"),),
    ),
)

OFFERINGS = (
    Sold(
        "intro",
        "Free intro call",
        "Half an hour to get to know each other and to see whether coaching can help.",
        30,
        0,
        (0, 1, 2),
        is_intro=True,
    ),
    Sold(
        "career-session",
        "Career session",
        "An hour for the next step: a decision, a conversation that you put off, a plan that you will keep.",
        60,
        12_000,
        (0, 1, 2),
        buffer_after=15,
        late_percent=50,
    ),
    Sold(
        "leadership-walk",
        "Leadership walk",
        "Ninety minutes on foot through Regent's Park. Bring one question and good shoes.",
        90,
        19_000,
        (0,),
        place_kind="address",
        place="Regent's Park, York Gate",
        buffer_after=30,
    ),
    Sold("old-friends", "Old friends' hour", "For those who were with us before.", 60, 8_000, (0,), is_hidden=True),
    Sold("group-evening", "Group evening", "Six people, one evening, one habit.", 120, 4_500, (1, 2), status="draft"),
)

QUESTIONS: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("What would make this hour worth it?", "text", (), True),
    ("How did you hear of us?", "choice", ("A friend", "LinkedIn", "A talk", "Something else"), False),
)

PACKAGES: tuple[dict[str, object], ...] = (
    {
        "slug": "five-sessions",
        "title": "Five sessions",
        "description": "A quarter of steady work, at a tenth less.",
        "status": "open",
        "sessions": 5,
        "price": 54_000,
        "valid_days": 180,
        "rolls_over": False,
    },
    {
        "slug": "year",
        "title": "A year together",
        "description": "Once a month, for those who know that careers take time.",
        "status": "open",
        "sessions": 12,
        "price": 120_000,
        "valid_days": 400,
        "rolls_over": True,
    },
)

COUPONS: tuple[dict[str, object], ...] = (
    {"code": "FRIEND-10", "percent": 10, "amount": None, "currency": None, "most_uses": None, "is_once_a_person": True},
    {"code": "TALK", "percent": None, "amount": 2_000, "currency": "GBP", "most_uses": 50, "is_once_a_person": False},
)

PACKAGES_SOLD: dict[int, tuple[str, int]] = {
    0: ("five-sessions", 50),
    15: ("year", 150),
    17: ("five-sessions", 115),
    21: ("five-sessions", 205),
    23: ("five-sessions", 100),
}
"""Which client, by their number, has bought what, and how many days ago."""
PAYING = frozenset((0, 1, 3, 7, 13))
"""Clients who pay when they book, where they have no package; the others get a bill from the coach."""
COUPONS_USED: dict[tuple[int, int], tuple[str, int]] = {(1, 4): ("FRIEND-10", 1_200), (7, 4): ("TALK", 2_000)}
"""By client and session: the code, and how much it took off."""
