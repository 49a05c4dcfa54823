"""Addresses that are not written to again, since their mail bounced or their owner complained."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import structlog
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Text, and_, any_, cast, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from coachhub.accounts.service import audit
from coachhub.clients.models import Client
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.jobs import enqueue
from coachhub.platform.mailer import MailDelayed
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_practice, current_practice
from coachhub.reminders.models import Suppression

log = structlog.get_logger(__name__)


def suppressed_among(addresses: Collection[str]) -> dict[str, str]:
    """Those of the addresses that are not written to, as they were asked for, each with its reason."""
    asked = {address.lower(): address for address in addresses}
    here = (
        Suppression.practice_id == current_practice(),
        Suppression.address == any_(cast(list(asked), ARRAY(Text))),
        Suppression.lifted_at.is_(None),
    )
    found = db.session.connection().execute(select(Suppression.address, Suppression.cause).where(*here))
    return {asked[address]: f"address {cause}" for address, cause in found}


def is_suppressed(address: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a row of suppressions, joined to a client's, stops mail to this address of theirs."""
    theirs = (Suppression.practice_id == Client.practice_id, Suppression.address == func.lower(address))
    return and_(*theirs, Suppression.lifted_at.is_(None))


@dataclass(frozen=True)
class Complaint:
    """What is said of an address (lower case): `bounced` or `complained`, why, and since when."""

    address: str
    cause: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class Suppressed(Complaint):
    """An address that is not written to; or that is again, since somebody lifted that."""

    lifted_at: datetime | None = None
    lifted_by: UUID | None = None

    @property
    def needs_certainty(self) -> bool:
        """Whether its owner has said that they do not want our mail: only their own word lifts that."""
        return self.cause == "complained"


class ComplaintStands(Refused):
    """Somebody has called our mail unwanted; to write again one must be sure that they want it."""

    def __init__(self) -> None:
        super().__init__(409, _("This person has called our mail unwanted. Write again only if they asked you to."))


def suppress(complaints: Iterable[Complaint]) -> None:
    """Write no more to these addresses. A complaint weighs more than a bounce, the first of each more than others.

    What was lifted stays so unless it happens again afterwards.
    """
    worst = {each.address: each for each in sorted(complaints, key=_weight)}
    if not worst:
        return
    own = {"practice_id": current_practice()}
    rows = [own | asdict(worst[address]) for address in sorted(worst)]
    new = insert(Suppression).values(rows)
    again = Suppression.lifted_at.is_not(None) & (new.excluded.since > Suppression.lifted_at)
    heavier = (Suppression.cause < new.excluded.cause) | (
        (Suppression.cause == new.excluded.cause) & (new.excluded.since < Suppression.since)
    )
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=["practice_id", "address"],
            set_={
                "cause": new.excluded.cause,
                "reason": new.excluded.reason,
                "since": new.excluded.since,
                "lifted_at": None,
                "lifted_by": None,
                "allowed_at": None,
            },
            where=again | (Suppression.lifted_at.is_(None) & heavier),
        )
    )


def _weight(complaint: Complaint) -> tuple[bool, float]:
    """Heaviest last."""
    return complaint.cause == "complained", -complaint.since.timestamp()


def suppressions_of(addresses: Collection[str]) -> dict[str, Suppressed]:
    """Those of the addresses that are not written to now, by the address in lower case."""
    wanted = any_(cast([address.lower() for address in addresses], ARRAY(Text)))
    return {each.address: each for each in _found(Suppression.address == wanted, Suppression.lifted_at.is_(None))}


def all_suppressed(most: int | None = None, offset: int = 0, *, with_lifted: bool = False) -> list[Suppressed]:
    """The addresses that the running practice does not write to, the newest first; with those lifted where asked."""
    return _found(*(() if with_lifted else (Suppression.lifted_at.is_(None),)), most=most, offset=offset)


def count_suppressed() -> int:
    """How many addresses the running practice does not write to."""
    here = (Suppression.practice_id == current_practice(), Suppression.lifted_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(Suppression).where(*here)) or 0


def _found(*which: ColumnElement[bool], most: int | None = None, offset: int = 0) -> list[Suppressed]:
    columns = (
        Suppression.address,
        Suppression.cause,
        Suppression.reason,
        Suppression.since,
        Suppression.lifted_at,
        Suppression.lifted_by,
    )
    here = select(*columns).where(Suppression.practice_id == current_practice(), *which)
    ordered = here.order_by(Suppression.since.desc(), Suppression.address).limit(most).offset(offset)
    return [Suppressed(*row) for row in db.session.execute(ordered)]


def lift_suppression(address: str, by: UUID, *, is_sure: bool = False) -> bool:
    """Write to an address again; returns whether it was not written to until now. `by` is the user who says so.

    The provider, which keeps a list of its own, hears of it after the commit. Raises ComplaintStands where the owner of
    the address complained and the coach is not sure that they have changed their mind.
    """
    standing = suppressions_of([address]).get(address.lower())
    if standing is None:
        return False
    if standing.needs_certainty and not is_sure:
        raise ComplaintStands
    lifted = {"lifted_at": clock.now(), "lifted_by": by, "allowed_at": None}
    here = (Suppression.practice_id == current_practice(), Suppression.address == standing.address)
    db.session.execute(update(Suppression).where(*here, Suppression.lifted_at.is_(None)).values(**lifted))
    enqueue("workers.jobs.tell_lifted", current_practice())
    audit.note("suppression_lifted")
    return True


def tell_lifted(practice_id: UUID) -> int:
    """Have the provider write again to the addresses that were lifted; returns to how many.

    Where it cannot be asked now, the sweep rings again.
    """
    with as_practice(practice_id):
        here = (Suppression.practice_id == practice_id, Suppression.allowed_at.is_(None))
        lifted = select(Suppression.address, Suppression.lifted_at).where(*here, Suppression.lifted_at.is_not(None))
        rows = db.session.execute(lifted.order_by(Suppression.address))
        waiting = [(address, at) for address, at in rows if at is not None]
    told = list(_told(waiting))
    with as_practice(practice_id):
        for address, at in told:
            same = (Suppression.practice_id == practice_id, Suppression.address == address, Suppression.lifted_at == at)
            db.session.execute(update(Suppression).where(*same).values(allowed_at=clock.now()))
    return len(told)


def _told(waiting: Iterable[tuple[str, datetime]]) -> Iterator[tuple[str, datetime]]:
    for address, at in waiting:
        try:
            ports().mailer.allow_again(address)
        except MailDelayed as error:
            log.warning("provider_not_told", why=str(error))
            return
        yield address, at
