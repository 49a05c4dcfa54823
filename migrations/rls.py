"""Row-level security, in one place: what a migration calls for each table it makes.

Roles: `coachhub_web` and `coachhub_worker` read and write under these policies; `coachhub_lookup` cannot log in
and owns the narrow functions of the schema `lookup`, which answer with ids across practices.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op

PRACTICE = "(select nullif(current_setting('app.practice_id', true), '')::uuid)"
PERSON = "(select nullif(current_setting('app.user_id', true), '')::uuid)"
APPLICATION = "coachhub_web, coachhub_worker"


def force_rls(table: str) -> None:
    """Switch row-level security on, for the owner too, and let the application roles use the table."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(f"grant select, insert, update, delete on {table} to {APPLICATION}")


def policy(table: str, name: str, rule: str) -> None:
    """Add one policy; `rule` is everything after `on <table>`."""
    op.execute(f"create policy {name} on {table} {rule}")


def enable_tenant_rls(table: str) -> None:
    """Bind a table to the practice of the transaction, for reading and for writing."""
    force_rls(table)
    rule = f"practice_id = {PRACTICE}"
    policy(table, "tenant", f"to {APPLICATION} using ({rule}) with check ({rule})")


def enable_person_rls(table: str) -> None:
    """On top of the practice: for the web, rows are their person's own; others read them only where shared.

    The worker role is bound by practice alone: it writes a client's reminders, so it reads that client's rows. A
    table that comes after migration 0017 needs `share_with_staff`, too.
    """
    enable_tenant_rls(table)
    own = f"user_id = {PERSON}"
    policy(table, "person_reads", f"as restrictive for select to coachhub_web using ({own} or shared)")
    policy(table, "person_adds", f"as restrictive for insert to coachhub_web with check ({own})")
    policy(table, "person_changes", f"as restrictive for update to coachhub_web using ({own}) with check ({own})")
    policy(table, "person_deletes", f"as restrictive for delete to coachhub_web using ({own})")


def share_with_staff(table: str) -> None:
    """Narrow what others read of a person's table: where shared, and only those who work in the practice."""
    works_here = f"(select lookup.works_in({PRACTICE}, {PERSON}))"
    op.execute(f"alter policy person_reads on {table} using (user_id = {PERSON} or (shared and {works_here}))")


@contextmanager
def seeing_all(*tables: str) -> Iterator[None]:
    """Let the owner see every row inside the block, to fill in new columns; afterwards the policies bind it again."""
    for table in tables:
        op.execute(f"alter table {table} no force row level security")
    yield
    for table in tables:
        op.execute(f"alter table {table} force row level security")


def let_lookup_read(table: str) -> None:
    """Let the owner of the narrow functions read a table."""
    op.execute(f"grant select on {table} to coachhub_lookup")
    policy(table, "lookup", "for select to coachhub_lookup using (true)")


def narrow_function(signature: str, returns: str, body: str, roles: str = APPLICATION) -> None:
    """Make `lookup.<signature>`: one SQL statement that answers across practices with ids and nothing else."""
    op.execute(
        f"create function lookup.{signature} returns {returns} language sql stable security definer "
        f"set search_path = public, pg_temp as $$ {body} $$"
    )
    name = f"lookup.{signature.replace(' default now()', '')}"
    op.execute(f"revoke all on function {name} from public")
    op.execute(f"grant execute on function {name} to {roles}")
    # Last: only its owner can say who may call a function, and after this that is no longer who migrates.
    op.execute(f"alter function {name} owner to coachhub_lookup")
