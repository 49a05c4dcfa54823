"""The only file that knows every domain: it wires them into one application."""

from importlib import import_module

from flask import Flask
from werkzeug.local import LocalProxy

import coachhub.booking.models
import coachhub.operations.models
import coachhub.payments.models
import coachhub.reports.models  # noqa: F401 (tables of other domains point at these)
from coachhub.accounts.service.changes import JOINED, OPENED
from coachhub.accounts.service.logins import identify, identify_along
from coachhub.booking.service import changes as bookings
from coachhub.booking.service.starting import set_up_coach, set_up_practice
from coachhub.booking.service.waiting import end_waits_of_booking, look_for_waits
from coachhub.clients.service.accepting import STARTED
from coachhub.clients.service.limits import MOST_ACTIVE
from coachhub.clients.service.standing import BACK
from coachhub.coaching.service.first_templates import set_up_templates
from coachhub.coaching.service.following import follow_booking
from coachhub.habits.service.cycles import refresh_cycles
from coachhub.habits.service.first_habit import begin_default_habit
from coachhub.habits.service.lost_friends import follow_merge, keep_hours_of_past_months
from coachhub.habits.service.rests import let_months_rest
from coachhub.habits.service.steps import let_go
from coachhub.network.service.changes import CHANGED, DECLINED, ERASING, MERGED
from coachhub.operations.service.operators import is_operator
from coachhub.payments.gateway import Gateway, plug_gateway, plug_gateway_later
from coachhub.payments.gateways import gateway_of
from coachhub.payments.service.awaited import keep_awaited
from coachhub.payments.service.buying import end_payments
from coachhub.payments.service.credits import return_credit
from coachhub.payments.service.plans import most_active_now
from coachhub.payments.service.refunding import refund_cancelled
from coachhub.platform import brand, counts, errors, health, language, ports, watching, web
from coachhub.platform.clock import Clock, SystemClock
from coachhub.platform.config import Settings, sqlalchemy_url
from coachhub.platform.db import db, engine_options
from coachhub.platform.identity import Role, identity
from coachhub.platform.jobs import Queue, RqQueue, connect
from coachhub.platform.lean import as_empty
from coachhub.platform.mailer import Mailer
from coachhub.platform.mailers import mailer_of
from coachhub.platform.signed_in_parts import sign_out_button, signed_in_top
from coachhub.platform.written_once import WrittenOnce
from coachhub.platform.year_squares import year_cells, year_head, year_legend, year_lines, year_table

_DOMAINS_WITH_PAGES = (
    "accounts",
    "clients",
    "network",
    "habits",
    "booking",
    "coaching",
    "payments",
    "reminders",
    "reports",
    "metrics",
    "operations",
)


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
    queue: Queue | None = None,
    gateway: Gateway | None = None,
) -> Flask:
    """The web application, connected as the web role. Ports that are not given are the real ones."""
    with as_empty("limits.aio"):  # its storages once more, for servers that are asynchronous
        from coachhub.platform import limits

    app = _create(settings, settings.database_url.get_secret_value(), clock, mailer, queue, gateway)
    watching.watch_requests(app, settings)
    app.answers_in_short = not watching.is_traced()  # a span begins with Flask's request
    if settings.metrics_token is not None:
        from coachhub.metrics.exposing import expose

        expose(app)
    web.protect(app)
    limits.count_tries(app, settings)
    language.speak(app)
    errors.handle_errors(app)
    parts = {
        "assets": WrittenOnce("layouts/assets.html", "assets"),
        "coach_nav": WrittenOnce("layouts/coach_nav.html", "nav"),
        "portal_nav": WrittenOnce("layouts/portal_nav.html", "nav"),
    }
    web.template_globals(app, identity=LocalProxy(identity), Role=Role, settings=settings, **parts)
    web.template_globals(app, signed_in_top=signed_in_top, sign_out_button=sign_out_button)
    web.template_globals(app, year_head=year_head, year_cells=year_cells, year_legend=year_legend)
    web.template_globals(app, year_table=year_table, year_lines=year_lines)
    for domain in _DOMAINS_WITH_PAGES:
        import_module(f"coachhub.{domain}.views").register(app)
    app.register_blueprint(health.pages)
    brand.show_brands(app)
    web.serve_static(app)
    return app


def create_worker_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
    queue: Queue | None = None,
    gateway: Gateway | None = None,
) -> Flask:
    """The same services without pages, connected as the worker role: for jobs and the command line."""
    if settings.database_worker_url is None:
        raise RuntimeError("DATABASE_WORKER_URL is not set: workers connect as a role of their own")
    app = _create(settings, settings.database_worker_url.get_secret_value(), clock, mailer, queue, gateway)
    language.speak(app)
    return app


def _create(
    settings: Settings,
    url: str,
    clock: Clock | None,
    mailer: Mailer | None,
    queue: Queue | None,
    gateway: Gateway | None,
) -> web.CoachHub:
    watching.begin(settings)
    app = web.CoachHub("coachhub", template_folder=str(web.templates_folder()))
    app.identify, app.identify_along = identify, identify_along
    app.is_operator = is_operator
    web.configure(app, settings)
    app.config["SQLALCHEMY_DATABASE_URI"] = sqlalchemy_url(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options()
    db.init_app(app)
    OPENED.reach(set_up_practice)
    OPENED.reach(set_up_templates)
    JOINED.reach(set_up_coach)
    CHANGED.reach(refresh_cycles)
    ERASING.reach(keep_hours_of_past_months)
    MERGED.reach(follow_merge)
    DECLINED.reach(let_go)
    STARTED.reach(begin_default_habit)
    BACK.reach(let_months_rest)
    for news in (bookings.CONFIRMED, bookings.CHANGED, bookings.ENDED):
        news.reach(follow_booking)
    bookings.CANCELLED.reach(follow_booking)
    bookings.CONFIRMED.reach(end_waits_of_booking)
    bookings.FREED.reach(look_for_waits)
    bookings.RUN_OUT.reach(keep_awaited)
    bookings.CANCELLED.reach(refund_cancelled)
    bookings.CANCELLED.reach(return_credit)
    for news in (bookings.CONFIRMED, bookings.FREED):
        news.reach(end_payments)
    MOST_ACTIVE.answered_by(most_active_now)
    wired = ports.Ports(
        settings=settings,
        clock=clock or SystemClock(),
        queue=queue or RqQueue(settings.redis_url.get_secret_value()),
        mailer=mailer or mailer_of(settings),
    )
    ports.plug(app, wired)
    if settings.metrics_token is not None:
        counts.keep(app, connect(settings.redis_url.get_secret_value()))
    if gateway is not None:
        plug_gateway(app, gateway)
    else:
        plug_gateway_later(app, lambda: gateway_of(settings))
    return app
