"""A crowd for `coachhub bench reminders`: practices full of clients who met a friend two days ago and are asked how
it was. Made by a few statements inside the database, with its triggers asleep: foreign keys hold by construction.
"""

from typing import LiteralString

import psycopg

_STAFF: LiteralString = """
create temporary table staff as
  select uuidv7() as practice_id, uuidv7() as user_id, p as number from generate_series(1, %(practices)s) p;
insert into users (id, email, name, locale, time_zone, created_at)
  select user_id, 'coach-' || number || '@crowd.example', 'Coach ' || number, 'en_GB', 'Europe/London', '2025-01-01'
  from staff;
insert into practices (id, slug, name, time_zone, currency, locale, quiet_from, quiet_until, created_at)
  select practice_id, 'crowd-' || number, 'Crowd ' || number, 'Europe/London', 'GBP', 'en_GB', '00:00', '00:00',
         '2025-01-01' from staff;
insert into memberships (practice_id, user_id, role, created_at)
  select practice_id, user_id, 'owner', '2025-01-01' from staff;
"""

_CROWD: LiteralString = """
create temporary table crowd as
  select practice_id, user_id as coach_id, uuidv7() as user_id, uuidv7() as client_id, uuidv7() as friend_id,
         row_number() over () as number
  from staff, generate_series(1, %(clients)s);
insert into users (id, email, name, locale, time_zone, created_at)
  select user_id, 'client-' || number || '@crowd.example', 'Client ' || number, 'en_GB', 'Europe/London', '2025-01-01'
  from crowd;
insert into memberships (practice_id, user_id, role, created_at)
  select practice_id, user_id, 'client', '2025-01-01' from crowd;
insert into clients (practice_id, id, user_id, coach_id, name, email, time_zone, status, created_at, activated_at)
  select practice_id, client_id, user_id, coach_id, 'Client ' || number, 'client-' || number || '@crowd.example',
         'Europe/London', 'active', '2025-01-01', '2025-01-01' from crowd;
insert into friends (practice_id, id, client_id, user_id, name, created_at)
  select practice_id, friend_id, client_id, user_id, 'Friend ' || number, '2025-01-01' from crowd;
insert into meetups (practice_id, id, client_id, user_id, friend_id, starts_at, agreed_at)
  select practice_id, uuidv7(), client_id, user_id, friend_id, now() - interval '2 days', '2025-01-01' from crowd;
drop table crowd, staff;
"""


def make_crowd(admin_url: str, practices: int, clients: int) -> None:
    """So many practices, each with so many clients of whom everybody has a reminder due."""
    sizes = {"practices": practices, "clients": clients}
    with psycopg.connect(admin_url, cursor_factory=psycopg.ClientCursor) as admin:
        admin.execute("set local session_replication_role = replica")
        admin.execute(_STAFF, sizes)
        admin.execute(_CROWD, sizes)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("vacuum analyze")
