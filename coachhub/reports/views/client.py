"""One client: how they stand and why, the years, what they share, and what to do next."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.clients.service.inviting import open_invites
from coachhub.clients.service.records import client_of
from coachhub.clients.wording import standing_words
from coachhub.habits import wording as habit_words
from coachhub.habits.forms import months_ahead
from coachhub.habits.rules import Month
from coachhub.habits.service.assignments import assignments_of
from coachhub.habits.service.habits import list_habits
from coachhub.habits.service.progress import months_of
from coachhub.network.charts import number_words, strength_line
from coachhub.platform import clock
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.reminders import wording as message_words
from coachhub.reminders.service.messages import messages_of
from coachhub.reports import wording
from coachhub.reports.charts import pictures_of
from coachhub.reports.figures.client import months_table
from coachhub.reports.figures.tables import share_words
from coachhub.reports.service.listing import listed_client
from coachhub.reports.service.network import network_seen
from coachhub.reports.service.timeline import timeline
from coachhub.reports.views.figures.asked import table_file
from coachhub.reports.views.pages import pages

LETTERS_SHOWN = 4


@pages.get("/clients/<uuid:client_id>")
@for_staff
def client(client_id: UUID) -> ResponseReturnValue:
    """Everything that the coach may see of a client."""
    record, now = client_of(client_id), clock.now()
    seen = network_seen(client_id, now)
    return render_template(
        "reports/client.html",
        client=record,
        listed=listed_client(client_id),
        invites=open_invites([client_id]),
        pictures=pictures_of(months_of(client_id, now)),
        assignments=assignments_of(client_id),
        habits=list_habits(),
        months=months_ahead(Month.local(now, signed_in_as().zone)),
        events=timeline(record),
        seen=seen,
        share_words=share_words,
        line=strength_line(seen.network) if seen else None,
        letters=messages_of(client_id, most=LETTERS_SHOWN)[0],
        step_labels=[habit_words.step_words(step) for step in habit_words.STEPS],
    )


@pages.get("/clients/<uuid:client_id>/months.csv")
@for_staff
def client_months(client_id: UUID) -> Response:
    """The months behind the charts."""
    record, now = client_of(client_id), clock.now()
    seen = network_seen(client_id, now)
    return table_file("months", months_table(record.name, months_of(client_id, now), seen.network if seen else None))


@pages.context_processor
def _words() -> dict[str, object]:
    return {
        "words": wording,
        "message_words": message_words,
        "habit_words": habit_words,
        "standing_words": standing_words,
        "number_words": number_words,
    }
