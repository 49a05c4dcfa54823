"""Clients and Today for a web process that has read them before: it names the stamp under which it did.

While the practice's stamp (`lookup.clients_stamp`) is the same, nothing of what stands in `list_changes`' care is read
again: the rows, what is counted of all clients, who works in the practice. What else a page shows is read each time: of
Clients the reader's own filters, of Today what the coach's sessions, promises and plan say. The stamp is read first:
what is read after it is as new as it says, or newer.
"""

from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_ASKED = (
    "practice uuid, now_is timestamptz, made json, reader uuid, coach uuid, likes text[], wanted text, "
    "not_chosen boolean, in_need boolean, heading text, way integer, most integer, skipped integer"
)
# None for whoever has changed something in the same transaction: changes are counted once for all that it does, so the
# count need not tell what was read before the last of them from what is read after it.
_STAMP = "case when pg_current_xact_id_if_assigned() is null then lookup.clients_stamp(practice, now_is) end"
# Both answer with the stamp, which may be none, on a line of its own, and then in the places of what they stand for.
_CLIENTS = f"""
create function clients_since(known text, {_ASKED}) returns text language plpgsql {_KEEPS_ITS_PLAN} as $$
declare
    stamp text := {_STAMP};
begin
    if stamp = known then
        return stamp || e'\\n' || json_build_array(null, null, null, null, null,
            (select json_agg(json_build_array(f.id, f.name, f.query) order by lower(f.name), f.id)
                from saved_filters f where f.practice_id = practice and f.user_id = reader),
            null)::text || e'\\n';
    end if;
    return coalesce(stamp, '') || e'\\n' || clients_in_lines(practice, now_is, made, reader, coach, likes, wanted,
        not_chosen, in_need, heading, way, most, skipped);
end
$$
"""
_DAY = f"""
create function day_since(known text, practice uuid, now_is timestamptz, made json, reader uuid, coach uuid,
    since timestamptz, most_needy integer, most_lately integer) returns text
language plpgsql {_KEEPS_ITS_PLAN} as $$
declare
    stamp text := {_STAMP};
begin
    if stamp = known then
        return stamp || e'\\n' || json_build_array(null, null, null, null,
            (select json_build_array(max(x.starts_at) filter (where x.starts_at <= now_is),
                    min(x.starts_at) filter (where x.starts_at > now_is))
                from coaching_sessions x where x.practice_id = practice
                    and x.starts_at between now_is - interval '2 days' and now_is + interval '2 days'),
            (select min(a.due_on) from actions a where a.practice_id = practice and a.owner = 'coach'
                and a.due_on is not null and a.done_at is null and a.dropped_at is null),
            (select json_build_array(p.status, p.trial_ends_at, p.ends_at, p.grace_until, p.granted_until)
                from practice_plans p where p.practice_id = practice),
            null)::text || e'\\n';
    end if;
    return coalesce(stamp, '') || e'\\n'
        || day_in_lines(practice, now_is, made, reader, coach, since, most_needy, most_lately);
end
$$
"""
_SIGNATURES = (
    "clients_since(text, uuid, timestamptz, json, uuid, uuid, text[], text, bool, bool, text, int, int, int)",
    "day_since(text, uuid, timestamptz, json, uuid, uuid, timestamptz, int, int)",
)


def upgrade() -> None:
    """Make them, for the web role alone."""
    for text in (_CLIENTS, _DAY):
        op.execute(text)
    for signature in _SIGNATURES:
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to coachhub_web")
