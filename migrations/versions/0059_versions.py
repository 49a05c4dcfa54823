"""Whether a list has changed, as functions: all rows that it is made of, by their versions.

Each version of a row has a place and a transaction that wrote it. How many rows there are, and the sums of both, change
with every change, whoever makes it and whatever it is: a later transaction has a higher number. So nothing has to be
noted when something is written, and nothing can be forgotten. It reads no column.
"""

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_VERSION = (
    "(select count(*) || ':' || coalesce(sum((x.xmin::text)::bigint), 0) || ':' || "
    "coalesce(sum(hashtid(x.ctid)), 0) from {})"
)


def _all(*rows: str) -> str:
    return " || '/' || ".join(_VERSION.format(each) for each in rows)


# Nothing where somebody's standing is good no longer: it has to be made anew first.
_CLIENTS = """
create function clients_version(practice uuid, reader uuid, at timestamptz) returns text
language plpgsql stable {how} as $$
begin
    if exists (select from standings s where s.practice_id = practice and s.fresh_until <= at) then
        return null;
    end if;
    return {versions};
end
$$
"""
_FRIENDS = """
create function friends_version(practice uuid, client uuid, out version text, out zone text)
language plpgsql stable {how} as $$
begin
    version := {versions};
    zone := (select c.time_zone from clients c where c.practice_id = practice and c.id = client);
end
$$
"""
_OF_CLIENTS = (
    "standings x where x.practice_id = practice",
    "saved_filters x where x.practice_id = practice and x.user_id = reader",
    "memberships x where x.practice_id = practice and x.role <> 'client'",
    "memberships m join users x on x.id = m.user_id where m.practice_id = practice and m.role <> 'client'",
    "habits x where x.practice_id = practice",
)
_OF_FRIENDS = (
    "friends x where x.practice_id = practice and x.client_id = client",
    "clients x where x.practice_id = practice and x.id = client",
    "practices x where x.id = practice",
)
_SIGNATURES = ("clients_version(uuid, uuid, timestamptz)", "friends_version(uuid, uuid)")


def upgrade() -> None:
    """Make them, for the web role alone."""
    op.execute(_CLIENTS.format(how=_KEEPS_ITS_PLAN, versions=_all(*_OF_CLIENTS)))
    op.execute(_FRIENDS.format(how=_KEEPS_ITS_PLAN, versions=_all(*_OF_FRIENDS)))
    for signature in _SIGNATURES:
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to coachhub_web")
