"""Every page of the application, found in its map of addresses, with the ids of the told story in them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from coachhub.accounts.models import EmailProof, ProofKind
from coachhub.accounts.service.proofs import link_token
from coachhub.clients.models import ClientInvite
from coachhub.coaching.models import CoachingSession
from coachhub.coaching.service.feed_links import coach_feed_address
from coachhub.network.models import Invitation, Meetup
from coachhub.payments.gateway import PlanAsked
from coachhub.payments.pretend_gateway import PretendGateway
from coachhub.payments.service.pretending import take_pretended_plan
from coachhub.platform import clock, tokens
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.guards import Guard
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.e2e.post import Post
from tests.e2e.visits import visits_to
from tests.factories import LONG_AGO, Person, a_client, a_friend
from tests.fitness.test_routes import OTHER, TABLE_OF, WITHOUT_GUARD
from tests.payments.banks import PretendedBank
from tests.story import tell_story

# The mail alone runs no script, not even the examiner's; it is examined in a window of its own.
_MAILS_ALONE = {"reminders.dev_mail_html", "reminders.whole_mail"}
_RECEIPTS = {f"payments.{name}" for name in ("receipt", "my_receipt", "booking_receipt", "package_receipt")}
_DOCUMENTS = {"reports.report_pdf", "reports.my_report_pdf"}
NOT_PAGES = (
    WITHOUT_GUARD
    | _MAILS_ALONE
    | _RECEIPTS
    | _DOCUMENTS
    | {
        "health.healthz",
        "health.readyz",
        "metrics.metrics",
        "reminders.dev_mail_file",
        "brand.style",
        "booking.practice_card",
        "booking.practice_logo",
    }
)
NEVER = LONG_AGO.replace(year=2099)


@dataclass(frozen=True)
class Doors:
    """The told story, and what the addresses of its pages need."""

    cast: Cast
    newcomer: Person
    ids: dict[str, object]
    tokens: dict[str, str]

    def of(self, person: Person | None) -> Iterator[str]:
        """The address of every page that the person may open; of the public ones for nobody."""
        role = None if person is None else Role.CLIENT if person.client_id else Role.OWNER
        adapter = self.cast.app.url_map.bind("localhost")
        for rule, guard in page_rules(self.cast.app):
            if _may_enter(guard, role):
                yield adapter.build(rule.endpoint, self._values(rule), method="GET")

    def _values(self, rule: Rule) -> dict[str, object]:
        """Raises KeyError for an argument of a new kind: give it an id or a token here."""
        found = {**OTHER, **self.ids, "token": self.tokens.get(rule.endpoint, OTHER["token"])}
        found["pretend_id"] = self.tokens.get(rule.endpoint)
        return {name: found[name] for name in rule.arguments}


def _may_enter(guard: Guard, role: Role | None) -> bool:
    if role is None:
        return guard.is_public
    roles = {Role.OWNER} if guard.is_for_operator else guard.roles or {role}
    return not guard.is_public and role in roles


def page_rules(app: Flask) -> Iterator[tuple[Rule, Guard]]:
    """Every address that answers a GET, with its guard."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_PAGES:
            yield rule, app.view_functions[rule.endpoint].guard  # type: ignore[attr-defined]


def tell_everything(cast: Cast, admin: psycopg.Connection, post: Post) -> Doors:
    """The story of the cast, somebody who has just begun, every link that a mail can hold, and a mail.

    Ana runs the installation, too.
    """
    tell_story(cast)
    admin.execute("insert into operators (user_id, since) values (%s, now())", [cast.ana.user_id])
    newcomer = a_client(cast.app, cast.ana, "Noor Novak", "noor@example.com")
    ids = {name: _first(admin, table, cast) for name, table in TABLE_OF.items()}
    links, visits = _links(cast, ids["invite_id"]), visits_to(cast, admin)
    known = ids | {"client_id": cast.ben.client_id, "delivery_id": post.keep_one()} | visits.names
    return Doors(cast, newcomer, known, links | _letters(cast) | _pretended(cast) | visits.tokens)


def _first(admin: psycopg.Connection, table: str, cast: Cast) -> UUID:
    found = admin.execute(f"select id from {table} where practice_id = %s limit 1", [cast.ana.practice_id]).fetchone()
    assert found is not None, f"the story has no row in {table}"
    first: UUID = found[0]
    return first


def _links(cast: Cast, team_invite_id: UUID) -> dict[str, str]:
    ana = cast.ana
    asked = a_client(cast.app, ana, "Pia Petrov", "pia@example.com", status="invited")
    with cast.app.app_context(), as_practice(ana.practice_id, ana.user_id):
        proofs = {kind: _proof(ana, kind) for kind in (ProofKind.VERIFY, ProofKind.RESET)}
        invite = _invite(asked, ana)
        db.session.add_all([*proofs.values(), invite])
        db.session.flush()
        made = {kind: link_token(kind, ana.practice_id, ana.user_id, proof.id) for kind, proof in proofs.items()}
        return {
            "accounts.verify": made[ProofKind.VERIFY],
            "accounts.reset": made[ProofKind.RESET],
            "accounts.team_invitation": tokens.sign("team-invite", ana.practice_id, team_invite_id),
            "clients.invitation": tokens.sign("client-invite", ana.practice_id, invite.id),
            "unsubscribing.client": tokens.sign("unsubscribe-client", ana.practice_id, asked.client_id),
            "unsubscribing.coach": tokens.sign("unsubscribe-coach", ana.practice_id, ana.user_id),
            "mailed.todo": tokens.sign("actions", ana.practice_id, cast.ben.client_id),
            "mailed.topic": tokens.sign("topic", ana.practice_id, _session_of_ben()),
            "feeds.feed": coach_feed_address(ana.user_id).rpartition("/")[2].removesuffix(".ics"),
        }


def _session_of_ben() -> UUID:
    return db.session.scalars(select(CoachingSession.id)).first()  # type: ignore[return-value]


def _letters(cast: Cast) -> dict[str, str]:
    """Where a friend answers: asked, with other times on offer, and with a date; the client is nobody of the story."""
    kim = a_client(cast.app, cast.ana, "Kim Kent", "kim@example.com")
    own = {"practice_id": kim.practice_id, "client_id": kim.client_id, "user_id": kim.user_id}
    own |= {"friend_id": a_friend(cast.app, kim, "Lea Lind")}
    with cast.app.app_context(), as_practice(kim.practice_id, kim.user_id):
        soon = clock.now() + timedelta(days=7)
        answers = {"asked": None, "offered": "other", "agreed": "yes"}
        letters = {name: _letter(own, soon, answer) for name, answer in answers.items()}
        db.session.add_all(letters.values())
        db.session.flush()
        db.session.add(Meetup(**own, starts_at=soon, agreed_at=LONG_AGO, invitation_id=letters["agreed"].id))
        made = {name: tokens.sign("reply", kim.practice_id, letter.id) for name, letter in letters.items()}
        offer = tokens.sign("offer", kim.practice_id, letters["offered"].id)
    asked = dict.fromkeys(("replies.reply", "replies.other_page", "replies.decline_page"), made["asked"])
    return asked | dict.fromkeys(("replies.off_page", "replies.calendar"), made["agreed"]) | {"offers.offer": offer}


def _letter(own: dict[str, UUID | None], soon: datetime, answer: str | None) -> Invitation:
    times = {"proposed_times": [soon], "counter_times": [soon + timedelta(days=1)] if answer == "other" else []}
    said = {"answer": answer, "answered_by": answer and "friend", "answered_at": answer and clock.now()}
    return Invitation(
        **own, **times, **said, tone="warm", body="Hello Lea", place="The Bear", created_at=LONG_AGO, sent_at=LONG_AGO
    )


def _pretended(cast: Cast) -> dict[str, str]:
    """What the pretended gateway has a page for."""
    bank = PretendedBank(PretendGateway(), FixedClock(LONG_AGO), cast.ana.practice_id)
    with cast.app.app_context():
        account_id = bank.open()
        made = bank.gateway.open_checkout(bank.asked(expires_at=NEVER))
        asked = PlanAsked("plan", cast.ana.practice_id, "ana@example.com", None, "price", 0, "en", "/", "/")
        plan = bank.gateway.open_plan_checkout(asked)
        take_pretended_plan(plan.id)
        again = bank.gateway.open_plan_checkout(replace(asked, key="plan again"))
        customer_id = bank.gateway.plan_checkout(plan.id).customer_id
    ids = {"checkout": made.id, "account": account_id, "plan_checkout": again.id, "plan": customer_id or ""}
    return {f"payments.pretend_{name}": pretend_id for name, pretend_id in ids.items()}


def _proof(person: Person, kind: ProofKind) -> EmailProof:
    return EmailProof(
        practice_id=person.practice_id,
        user_id=person.user_id,
        kind=kind.value,
        created_at=LONG_AGO,
        expires_at=NEVER,
    )


def _invite(asked: Person, coach: Person) -> ClientInvite:
    return ClientInvite(
        practice_id=coach.practice_id,
        client_id=asked.client_id,
        created_by=coach.user_id,
        by_mail=False,
        created_at=LONG_AGO,
        expires_at=NEVER,
    )
