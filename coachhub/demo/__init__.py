"""The demo practice and the load for measurements: made-up people, real rows.

Nouns: a *life* says in letters how a client's months went; a *history* turns lives into rows; the *sheets* carry
rows, table by table, into the database by COPY. Refused in production.
"""

from coachhub.demo.people import LOGINS
from coachhub.demo.seeding import seed_demo, seed_if_empty

__all__ = ["LOGINS", "seed_demo", "seed_if_empty"]
