"""Who is in the demo: names in several scripts, six time zones, and how each client's months went."""

from dataclasses import dataclass
from datetime import time
from string import ascii_uppercase

PASSWORD = "an hour a month"  # noqa: S105 (printed at every start of the demo, which production refuses)
OWNER = ("Ana Alvarez", "ana@demo.example")
COACHES = (("Samuel Okafor", "samuel@demo.example"), ("Mirjam de Vries", "mirjam@demo.example"))
LOGINS = (
    ("owner", OWNER[1], PASSWORD),
    ("coach", COACHES[0][1], PASSWORD),
    ("client", "ben@demo.example", PASSWORD),
)
PRACTICE = ("Alvarez & Partners", "alvarez", "Europe/London", "GBP", "en_GB")


@dataclass(frozen=True)
class Life:
    """How thirteen past months and the running one went, and where the client stands.

    Past: `.` not yet a client, d done, D done twice, m missed, p paused, c moved over the month's end.
    Now: n nothing yet, k committed, c chosen, i invited, o the friend offers other times, a agreed, y met yesterday
    but not logged, h held, p paused.
    """

    past: str
    now: str
    status: str = "active"


LIVES = (
    Life("ddddddddcdddD", "a"),
    Life("....ddmdddddd", "y"),
    Life("dddmddddmdddd", "h"),
    Life("..mdmdmmddddd", "i"),
    Life("dddddddppdddd", "k"),
    Life("......mmmdmmm", "n"),
    Life("ddcddddcddddd", "c"),
    Life("..........ddm", "n"),
    Life("DdDddDdddDddd", "h"),
    Life("mmmmmddmddmdd", "o"),
    Life(".............", "n", "invited"),
    Life("....dddddmmmp", "p", "paused"),
    Life("dddmmdddmmddd", "h"),
    Life(".........dddd", "a"),
    Life("ddddddmmmmmmm", "n", "archived"),
    Life("......ddddddd", "c"),
)
"""Handed to the clients in turn, so every status, stage and result is there."""

CLIENTS = (
    ("Ben Berger", "ben", "Europe/London"),
    ("Zoë Ångström", "zoe", "Europe/Berlin"),
    ("陈伟", "chen.wei", "Asia/Tokyo"),
    ("Omar Haddad", "omar", "Europe/London"),
    ("ليلى منصور", "layla", "Europe/Berlin"),
    ("Priya Raghunathan", "priya", "Asia/Kolkata"),
    ("José María Fernández-Villanueva", "jose", "America/New_York"),
    ("Наталія Коваленко", "natalia", "Europe/Berlin"),
    ("田中 さくら", "sakura", "Asia/Tokyo"),
    ("Grace Mbeki", "grace", "Europe/London"),
    ("Γιώργος Παπαδόπουλος", "giorgos", "Europe/Berlin"),
    ("אורי לוי", "uri", "America/New_York"),
    ("김민준", "minjun", "America/Los_Angeles"),
    ("अनिल शर्मा", "anil", "Asia/Kolkata"),
    ("Ingrid Sørensen", "ingrid", "Europe/Berlin"),
    ("Nguyễn Thị Hạnh", "hanh", "America/Los_Angeles"),
    ("Luca Bianchi", "luca", "Europe/Berlin"),
    ("Wilhelmina von Hohenstein-Oldenburg", "wilhelmina", "Europe/Berlin"),
    ("Tomás Ó Briain", "tomas", "Europe/London"),
    ("فاطمة الزهراء", "fatima", "Europe/London"),
    ("Aisha Bello", "aisha", "Europe/London"),
    ("Dmitri Volkov", "dmitri", "Europe/Berlin"),
    ("Hannah Goldberg", "hannah", "America/New_York"),
    ("山本 健", "ken", "Asia/Tokyo"),
    ("Chloé Dubois", "chloe", "Europe/Berlin"),
    ("Marcus Johnson", "marcus", "America/New_York"),
    ("Siobhán Kelly", "siobhan", "Europe/London"),
    ("Ravi Subramaniam", "ravi", "Asia/Kolkata"),
    ("王芳", "wang.fang", "America/Los_Angeles"),
    ("Emily Carter", "emily", "America/New_York"),
    ("Łukasz Wiśniewski", "lukasz", "Europe/Berlin"),
    ("Sofia Rossi", "sofia", "Europe/Berlin"),
    ("Kwame Mensah", "kwame", "Europe/London"),
    ("Maya Cohen", "maya", "America/New_York"),
    ("Elif Yılmaz", "elif", "Europe/Berlin"),
    ("Daniel O'Connor", "daniel", "America/Los_Angeles"),
    ("Ana Beatriz Souza", "anabeatriz", "America/New_York"),
    ("Noor van den Berg", "noor", "Europe/Berlin"),
    ("Hiroshi Watanabe", "hiroshi", "Asia/Tokyo"),
    ("Oluwaseun Adeyemi", "seun", "Europe/London"),
)
FRIENDS = (
    "Dan Dorsey", "Margarethe Lindqvist", "Carlos Ibáñez", "李娜", "Rebecca Stone", "Yusuf Demir", "Ewa Nowak",
    "Patrick Lefèvre", "سارة خليل", "Akiko Mori", "Thomas Bauer", "Nadia Petrova", "Hugo Martins", "Deepa Iyer",
    "Jonas Eriksen", "Leila Farahani", "Peter Novák", "Ruth Abrams", "정수진", "Felix Brandt", "Amara Diallo",
    "Giulia Conti", "Stephen Walsh", "Мария Иванова", "Kofi Asante", "Helen Papadakis", "Viktor Szabó", "Rosa Jiménez",
)  # fmt: skip
GIVEN = (
    "Adaeze", "Bruno", "Camille", "Dario", "Edith", "Farid", "Greta", "Hassan", "Imani", "Jakub", "Katja", "Liam",
    "Mei", "Nils", "Olga", "Paolo", "Quinn", "Rania", "Sven", "Tereza", "Uma", "Vera", "Walid", "Yara",
)  # fmt: skip
FAMILY = (
    "Albrecht", "Bakker", "Castro", "Dahl", "Engel", "Fontaine", "Greco", "Holm", "Ivanov", "Jansen", "Kaya", "Lund",
    "Moretti", "Nakamura", "Osei", "Pereira", "Rahman", "Santos", "Tanaka", "Urban", "Vidal", "Weber",
)  # fmt: skip
"""Put together for clients who know more people than FRIENDS has."""
COMPANIES = ("Acme", "Initech", "Northwind", "Globex", "Umbra Design", "Kestrel Bank", "Hanse Logistik", "Solaris Labs")
KINDS = ("colleague", "colleague", "colleague", "manager", "report", "mentor", "executive", "customer", "classmate")
TITLES = {
    "colleague": ("Product designer", "Data engineer", "Account manager", "Editor", ""),
    "manager": ("Head of product", "Team lead", "Director of research"),
    "report": ("Software engineer", "Analyst", ""),
    "mentor": ("Adviser", "Professor", "Partner"),
    "executive": ("Chief operating officer", "Managing director", "Vice president of sales"),
    "customer": ("Head of purchasing", "Programme manager"),
    "classmate": ("Founder", "Physician", ""),
}
CITIES = (
    ("London", "Europe/London"),
    ("Berlin", "Europe/Berlin"),
    ("New York", "America/New_York"),
    ("Bengaluru", "Asia/Kolkata"),
    ("Tokyo", "Asia/Tokyo"),
    ("San Francisco", "America/Los_Angeles"),
    ("Amsterdam", "Europe/Amsterdam"),
    ("", None),
)
CONTACTS = (
    "A long call about the new flat",
    "Wrote to say congratulations",
    "Met by chance at the conference",
    "Sent the book we had talked about",
    "",
)
FREE_HOURS = ((1, time(12, 30)), (1, time(17, 30)), (3, time(12, 30)), (4, time(8)), (4, time(12, 30)))
"""Weekday (Monday is 0) and local time."""
PLACES = ("Café Central", "the park by the river", "a call", "the bakery near the station", "lunch at the museum")
LEARNED = (
    "She is building a team again and enjoys it.",
    "His company moves to four days a week.",
    "We both miss the Friday demos.",
    "There will be an opening in her team after the summer.",
    "He changed fields at 45 and would do it again.",
    "",
)
HELP_GIVEN = ("Introduced her to a recruiter", "Read his talk proposal", "Lent an ear about the reorganisation", "", "")
HELP_RECEIVED = ("A name at Kestrel Bank", "An honest word about my portfolio", "", "")
PROMISES = ("Send the article about four-day weeks", "Introduce them to Mirjam", "Send the photos from Lisbon")
REPLIES = ("Lovely to hear from you! I am away that week, would one of these do?", "Yes please. Later in the day?")
VISITORS = (("Greta Lindqvist", "greta@visitor.example"), ("Tomás Ibarra", "tomas@visitor.example"))
ROOMS = (
    "https://meet.example/alvarez",
    "https://meet.example/alvarez",
    "By telephone: +44 20 7946 0018",
    "At the office",
)
AGENDAS = (
    "How the hour went this month\nWhom to write to next",
    "The second interview\nWho knows somebody there?",
    "What to say when somebody asks how it goes",
    "",
)
DOING = ("write to {friend}", "send {friend} the message", "call {friend}")


def more_names(count: int) -> list[str]:
    """At least so many different names, put together of GIVEN and FAMILY; initials tell those of thousands apart.

    Raises ValueError beyond 14,000.
    """
    pairs = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    named = pairs + [
        f"{given} {letter}. {family}" for letter in ascii_uppercase for given in GIVEN for family in FAMILY
    ]
    if count > len(named):
        raise ValueError(f"there are {len(named)} names")
    return pairs if count <= len(pairs) else named
