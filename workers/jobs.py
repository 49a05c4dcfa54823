"""Every job: one practice, one call of a service. Arguments are ids as text."""

from uuid import UUID

from coachhub.booking.service import waiting, workload
from coachhub.booking.service.tending import tend_bookings as tend_all_bookings
from coachhub.network.service.imports import staging, taking, tending
from coachhub.payments.service import expiring, reconciling, settling, syncing_plan, writing_off
from coachhub.platform import clock
from coachhub.platform.moments import TICK
from coachhub.platform.ports import ports
from coachhub.reminders.service import events, sending, suppressions
from coachhub.reminders.service.planning import ring_where_something_is_due
from coachhub.reports.service import standings
from coachhub.reports.service.shelf import making, wishes
from workers import application


def deliver_mail(practice_id: str) -> None:
    """Plan and send what is due in the practice."""
    with application().app_context():
        sending.deliver(UUID(practice_id))


def deliver_share(number: str, shares: str) -> None:
    """Plan and send what is due in one of so many shares of the practices."""
    with application().app_context():
        sending.deliver_share(int(number), int(shares))


def deliver_asked_for(practice_id: str) -> None:
    """Send the practice's mail that somebody waits for, and nothing else."""
    with application().app_context():
        sending.deliver(UUID(practice_id), asked_for_alone=True)


def read_import(practice_id: str, import_id: str) -> None:
    """Read a file of friends, for its owner to look at."""
    with application().app_context():
        staging.read_import(UUID(practice_id), UUID(import_id))


def take_import(practice_id: str, import_id: str) -> None:
    """Make friends of those whom the owner has ticked."""
    with application().app_context():
        taking.take_import(UUID(practice_id), UUID(import_id))


def tend_imports() -> None:
    """Ring again for imports that stand still, and forget those that have lain for too long."""
    with application().app_context():
        tending.tend_imports()


def tend_bookings() -> None:
    """End the holds that nobody pays for, and complete the bookings that are over."""
    with application().app_context():
        tend_all_bookings()


def take_in_events(practice_id: str) -> None:
    """Act on what the provider told of the practice's mails."""
    with application().app_context():
        events.take_in(UUID(practice_id))


def tell_lifted(practice_id: str) -> None:
    """Have the provider write again to the addresses that the practice has lifted."""
    with application().app_context():
        suppressions.tell_lifted(UUID(practice_id))


def hear_provider() -> None:
    """Ring for what the provider told, or is to be told, where the first ring was lost."""
    with application().app_context():
        events.ring_where_something_was_told()


def find_waits(practice_id: str) -> None:
    """Look whether a time has opened for those of the practice who wait for one."""
    with application().app_context():
        waiting.find_waits(UUID(practice_id))


def sweep_waits() -> None:
    """Ring for each practice in which somebody waits for a time: hours change without a ring."""
    with application().app_context():
        waiting.ring_where_somebody_waits()


def settle_payments(practice_id: str) -> None:
    """Act on what Stripe told of the practice's payments, end what is over, give back what is due."""
    with application().app_context():
        expiring.settle(UUID(practice_id))


def sync_purchase(practice_id: str, purchase_id: str) -> None:
    """Ask Stripe how one purchase stands: somebody waits for it."""
    with application().app_context():
        settling.sync_purchase(UUID(practice_id), UUID(purchase_id))


def look_after_payments() -> None:
    """Ring for each practice in which something is to be settled."""
    with application().app_context():
        expiring.look_after_payments()


def reconcile_payments() -> None:
    """Ring for each practice whose payments are compared with Stripe's."""
    with application().app_context():
        reconciling.ring_for_all()


def reconcile_practice(practice_id: str) -> None:
    """Compare the practice's payments with Stripe's, and mend ours."""
    with application().app_context():
        reconciling.reconcile(UUID(practice_id))


def look_for_credits_over() -> None:
    """Ring for each practice in which a client's package is over."""
    with application().app_context():
        writing_off.look_for_credits_over()


def write_off_credits(practice_id: str) -> None:
    """Write off what is left of the practice's packages that are over."""
    with application().app_context():
        writing_off.write_off_credits(UUID(practice_id))


def refresh_standings(practice_id: str) -> None:
    """Make anew how the practice's clients stand, where that is good no longer."""
    with application().app_context():
        standings.refresh_practice(UUID(practice_id))


def sweep_standings() -> None:
    """Ring for each practice in which somebody's standing is good no longer."""
    with application().app_context():
        standings.ring_where_standings_are_stale()


def sync_plan(practice_id: str) -> None:
    """Ask Stripe how the practice's own plan stands."""
    with application().app_context():
        syncing_plan.sync_plan(UUID(practice_id))


def make_reports(practice_id: str, lane: str) -> None:
    """Make the practice's reports that wait, for one turn."""
    with application().app_context():
        making.make_reports(UUID(practice_id), int(lane))


def tend_reports() -> None:
    """Ring for the reports that wait, and for those that a worker has left."""
    with application().app_context():
        making.tend_reports()


def wish_reports() -> None:
    """Ring for each practice in which a month's report is to be made by itself."""
    with application().app_context():
        wishes.ring_for_wishes()


def make_wished_reports(practice_id: str) -> None:
    """Ask for the practice's reports of the month that is over."""
    with application().app_context():
        wishes.make_wished_reports(UUID(practice_id))


def sweep() -> None:
    """Find the practices in which something is due and ring for them; note that the scheduler is heard."""
    with application().app_context():
        ring_where_something_is_due()
        TICK.note(ports().settings.redis_url.get_secret_value(), clock.now())


def note_hours() -> None:
    """Ring for each practice: what a month of its coaches' hours came to is kept once it is over."""
    with application().app_context():
        workload.ring_for_all()


def note_hours_of_practice(practice_id: str) -> None:
    """Keep what the last month of the practice's hours came to."""
    with application().app_context():
        workload.note_hours(UUID(practice_id))
