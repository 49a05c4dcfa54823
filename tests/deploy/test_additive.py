"""Old code goes on while the schema is newer: a migration only adds. upgrading.md says how to take something away."""

import re

import pytest

from coachhub.platform import migrate
from tests.deploy.statements import split, statements_between

LANDED = "0053"
"""What runs somewhere already was judged when there was nothing to upgrade."""

TAKEN_AWAY: dict[str, str] = {}
"""Revisions that take away what no code has used since the version before, and what that is."""

_BREAKS = (
    r"drop (table|view|schema|function|procedure|routine|type|domain|sequence|materialized view|role)\b",
    r"alter .*\bdrop (column|default|expression|identity)\b",
    r"alter table \S+( if exists)? drop (?!constraint|not)(if exists )?\w+",
    r"\brename\b",
    r"alter .*\balter (column )?\S+ (set data )?type\b",
    r"alter .*\bset not null\b",
    r"alter .*\bset schema\b",
    r"\btruncate\b",
    r"revoke .* from .*coachhub_(web|worker)",
)
_ADDED = re.compile(r"\badd (column )?(if not exists )?(?!constraint|column\b)\w+ (.*?)(?=, add |$)")


def breaking(statements: list[str]) -> list[str]:
    """Those that take away or demand something that code of the version before has, or does not give."""
    new = {found.group(1) for each in statements if (found := re.match(r"create table (\S+)", each))}
    return [each for each in statements if _is_breaking(each) and _table_of(each) not in new]


def _is_breaking(statement: str) -> bool:
    return any(re.search(rule, statement) for rule in _BREAKS) or _demands(statement)


def _table_of(statement: str) -> str | None:
    """The table that it changes, where it is one; what is done to a new table, no code has met before."""
    found = re.match(r"(?:alter table|revoke .* on(?: table)?) (\S+)", statement)
    return found.group(1) if found else None


def _demands(statement: str) -> bool:
    if not statement.startswith("alter table"):
        return False
    columns = [found.group(3) for found in _ADDED.finditer(statement)]
    return any("not null" in each and "default" not in each and "generated" not in each for each in columns)


def test_it_only_adds() -> None:
    later = [number for number in _numbers() if number > LANDED and number not in TAKEN_AWAY]
    broken = {number: breaking(statements_between(_before(number), number)) for number in later}
    assert {number: found for number, found in broken.items() if found} == {}


def _numbers() -> list[str]:
    versions = migrate.ROOT / "migrations" / "versions"
    return sorted(path.name.partition("_")[0] for path in versions.glob("[0-9]*_*.py"))


def _before(number: str) -> str:
    numbers = _numbers()
    return numbers[numbers.index(number) - 1]


def test_it_reads_what_migrations_do_without_a_database() -> None:
    found = statements_between("0045", "0052")
    assert any(each.startswith("create table session_notes (") for each in found)
    assert any(each.startswith("alter table coaching_sessions add column topic") for each in found)
    assert breaking(found) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE friends",
        "drop function lookup.login(bytea, timestamptz)",
        "ALTER TABLE friends DROP COLUMN company",
        "alter table friends drop company",
        "alter table friends drop if exists company",
        "ALTER TABLE friends RENAME company TO employer",
        "alter table friends rename to people",
        "alter index ix_friends rename to ix_people",
        "ALTER TABLE friends ALTER COLUMN liking TYPE smallint",
        "alter table friends alter liking set data type smallint",
        "ALTER TABLE friends ALTER COLUMN company SET NOT NULL",
        "alter table friends alter column liking drop default",
        "ALTER TABLE friends ADD COLUMN colour TEXT NOT NULL",
        "alter table friends add colour text not null",
        "alter table friends add column a text default '', add column b text not null",
        "revoke select on friends from coachhub_web",
        "truncate friends",
    ],
)
def test_it_knows_what_breaks_the_version_before(statement: str) -> None:
    assert breaking(list(split(statement)))


@pytest.mark.parametrize(
    "statement",
    [
        "create table colours (practice_id uuid not null, id uuid not null)",
        "alter table friends add column colour text",
        "ALTER TABLE friends ADD COLUMN colour TEXT DEFAULT '' NOT NULL",
        "alter table friends add column n int not null generated always as identity",
        "alter table friends drop constraint ck_friends_kind",
        "alter table friends add constraint ck_friends_colour check (colour is not null)",
        "alter table friends alter column company drop not null",
        "create or replace function f() returns int language sql as $$ drop table friends; select 1 $$",
        "revoke all on function lookup.f() from public",
        "comment on table friends is 'we rename nothing; drop table friends'",
        "drop index ix_friends_company",
        "alter table friends no force row level security",
        "create table colours (id uuid); revoke delete on colours from coachhub_worker",
    ],
)
def test_it_lets_pass_what_only_adds(statement: str) -> None:
    assert breaking(list(split(statement))) == []
