"""Ringing for workers to make the reports of a practice. A worker is rung for by its lane, not by what it makes."""

from uuid import UUID

from coachhub.platform.jobs import BULK, enqueue

LANES = 8
"""How many workers share the reports of one practice at most."""


def ring_for_reports(practice_id: UUID, count: int) -> None:
    """Have so many reports made: by several workers at once where there are several."""
    for lane in range(min(count, LANES)):
        ring_again(practice_id, lane)


def ring_again(practice_id: UUID, lane: int) -> None:
    """Have a worker go on where one has stopped. The same lane waits on the queue only once."""
    enqueue("workers.jobs.make_reports", practice_id, lane, queue=BULK)
