"""`coachhub bench network`: the limits of the network domain, on servers of its own."""

from coachhub.bench.figures import Count, Figure
from coachhub.bench.importing import import_contest, laid_out
from coachhub.bench.linkedin_file import linkedin_file
from coachhub.bench.load import Page
from coachhub.bench.pages import page_count
from coachhub.bench.rounds import Watch
from coachhub.bench.scratch import Scratch, scratch
from coachhub.bench.suggesting import suggest_figures

ROWS, FRIENDS = 30_000, 5_000
MOST_STATEMENTS_OF_FRIENDS = 8


def bench_network(rounds: int, rows: int = ROWS, friends: int = FRIENDS) -> list[Figure]:
    """Every figure, in turn; a minute for ten rounds of everything at its full size."""
    with scratch() as made:
        figures: list[Figure] = [import_contest(made, rows, rounds), _preview(made, rows, rounds)]
        crowd = made.client(1, friends)
        made.as_owner("analyze")
        figures += suggest_figures(made, crowd, friends, rounds)
        browser = made.browser(crowd)
        pages = (
            ("Friends", "/friends", MOST_STATEMENTS_OF_FRIENDS),
            ("Friends, searched", "/friends?q=engel", MOST_STATEMENTS_OF_FRIENDS),
            ("Your network", "/friends/network", None),
        )
        for name, path, most in pages:
            figures.append(page_count(made, browser, f"{name}, page at {friends:,} friends", Page(path), rounds, most))
    return figures


def _preview(made: Scratch, rows: int, rounds: int) -> Count:
    who = made.client(2, friends=8)
    import_id = laid_out(made, who, linkedin_file(rows), Watch())
    name = f"Import preview, page of {rows:,} people"
    return page_count(made, made.browser(who), name, Page(f"/friends/import/{import_id}"), rounds, None)
