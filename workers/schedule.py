"""What is asked for again and again: one line a sweep. Each only finds what is due, so twice does no harm."""

from coachhub.platform.jobs import Sweep

SWEEPS = (
    Sweep("workers.jobs.sweep", seconds=60),
    Sweep("workers.jobs.hear_provider", seconds=60),
    Sweep("workers.jobs.tend_imports", seconds=60),
    Sweep("workers.jobs.sweep_waits", seconds=300),
    Sweep("workers.jobs.sweep_standings", seconds=60),
    Sweep("workers.jobs.tend_bookings", seconds=60),
    Sweep("workers.jobs.tend_reports", seconds=60),
    Sweep("workers.jobs.wish_reports", seconds=3600),
    Sweep("workers.jobs.look_after_payments", seconds=60),
    Sweep("workers.jobs.look_for_credits_over", seconds=3600),
    Sweep("workers.jobs.reconcile_payments", seconds=24 * 3600),
    Sweep("workers.jobs.note_hours", seconds=24 * 3600),
)
