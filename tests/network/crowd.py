"""Thousands of friends, made by one statement."""

import psycopg

from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person

_MANY = """
insert into friends (practice_id, client_id, user_id, name, company, liking, last_contact_on, created_at, number)
select %s, %s, %s, 'Friend ' || n, 'Company ' || n %% 90, 1 + n %% 5, date '2026-03-01' - n %% 1500, '2026-01-01', n
from generate_series(1, %s::int) n
"""


def add_many(admin: psycopg.Connection, person: Person, count: int) -> None:
    """So many friends of a person, alike but for company, liking and silence; call it again for more of them."""
    admin.execute(_MANY, (person.practice_id, person.client_id, person.user_id, count))


def crowd(admin: psycopg.Connection, cast: Cast, friends: int = 5_000) -> None:
    """Friends of every kind at a few hundred companies; each hundredth name and each fiftieth address comes twice."""
    admin.execute(
        "insert into friends (practice_id, client_id, user_id, name, company, kind, liking, last_contact_on, email,"
        " created_at, number)"
        " select %(practice)s, %(client)s, %(user)s,"
        "  'Friend ' || case when n %% 100 = 0 then n - 1 else n end,"
        "  case when n %% 7 = 0 then '' else 'Company ' || (n %% 300) end,"
        "  (array['colleague', 'manager', 'report', 'mentor', 'executive', 'customer', 'classmate'])[1 + n %% 7],"
        "  1 + n %% 5, case when n %% 9 > 0 then date '2026-03-05' - n %% 1500 end,"
        "  case when n %% 50 = 0 then 'friend' || n / 100 || '@example.net' else '' end, %(now)s, n"
        " from generate_series(1, %(friends)s) n",
        {
            "practice": cast.ben.practice_id,
            "client": cast.ben.client_id,
            "user": cast.ben.user_id,
            "now": NOW,
            "friends": friends,
        },
    )
    admin.execute("analyze friends")
