"""`coachhub operators ...`: who may look at the page `/operations`, and hold mail back there."""

import click


@click.group()
def operators() -> None:
    """Who may see how the installation stands, at /operations."""


@operators.command()
@click.argument("email")
def add(email: str) -> None:
    """Let the person who signs in with this address look."""
    from coachhub.operations.service.operators import add_operator
    from coachhub.ops.commands import running

    with running():
        is_new = add_operator(email)
    click.echo(f"{email} {'may now look at /operations' if is_new else 'could look already'}.")


@operators.command()
@click.argument("email")
def remove(email: str) -> None:
    """From the next page on they may not look any more."""
    from coachhub.operations.service.operators import remove_operator
    from coachhub.ops.commands import running

    with running():
        was_one = remove_operator(email)
    click.echo(f"{email} {'may not look any more' if was_one else 'could not look anyway'}.")


@operators.command("list")
def list_operators() -> None:
    """Who may look, and since when."""
    from coachhub.operations.service.operators import operators as all_of_them
    from coachhub.ops.commands import running

    with running():
        found = all_of_them()
    for each in found:
        click.echo(f"{each.email}  since {each.since:%Y-%m-%d}")
    if not found:
        click.echo("Nobody: `coachhub operators add EMAIL` lets somebody look.")
