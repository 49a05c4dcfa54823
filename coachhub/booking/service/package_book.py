"""The practice's packages as its owner keeps them: add, change, open, close."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from coachhub.accounts.service import audit
from coachhub.booking.models import OfferingStatus, Package
from coachhub.booking.service.offers import offering_of, package_of, packages
from coachhub.booking.service.setting_up import SECOND_CLICK, free_slug, one_at_a_time
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True, slots=True)
class PackageEntry:
    """What an owner says of a package. `price` is for all its sessions, in the minor unit of the practice's currency.

    `valid_days`: how long its credits are good for from the purchase on, None for good.
    """

    offering_id: UUID
    title: str
    description: str
    sessions: int
    price: int
    valid_days: int | None
    rolls_over: bool
    is_hidden: bool


def add_package(entry: PackageEntry) -> UUID:
    """A further package, in draft; returns its id. One of the same title within two minutes is a second click.

    Raises NotFound for an offering of somebody else, and Refused for a package without a price.
    """
    currency = one_at_a_time()
    _check(entry)
    same = _just_added(entry.title)
    if same is not None:
        return same
    values = _columns(entry) | {
        "practice_id": current_practice(),
        "slug": free_slug(entry.title, "package", (row.slug for row in packages())),
        "status": OfferingStatus.DRAFT,
        "currency": currency,
        "created_at": clock.now(),
    }
    package_id = db.session.execute(insert(Package).values(**values).returning(Package.id)).scalar_one()
    audit.note("package_added", package_id)
    return package_id


def change_package(package_id: UUID, entry: PackageEntry) -> None:
    """Change a package; who has bought it keeps what they bought.

    Its offering can change while it is a draft alone: a credit is a session of something. Raises NotFound, Refused.
    """
    currency, found = one_at_a_time(), package_of(package_id)
    _check(entry)
    values = _columns(entry) | {"currency": currency}
    if found.status is OfferingStatus.DRAFT:
        others = (row.slug for row in packages() if row.id != package_id)
        values["slug"] = free_slug(entry.title, "package", others)
    elif found.offering_id != entry.offering_id:
        raise Refused(409, _("People may have bought this package: add a new one for another offering."))
    _change(package_id, values)
    audit.note("package_changed", package_id)


def open_package(package_id: UUID) -> None:
    """Let it be bought. A second click changes nothing. Raises NotFound."""
    one_at_a_time()
    package_of(package_id)
    _set_status(package_id, OfferingStatus.OPEN)


def close_package(package_id: UUID) -> None:
    """Let it no longer be bought; credits stay good. A second click changes nothing. Raises NotFound."""
    one_at_a_time()
    package_of(package_id)
    _set_status(package_id, OfferingStatus.CLOSED)


def _check(entry: PackageEntry) -> None:
    offering_of(entry.offering_id)
    if entry.price == 0:
        raise Refused(422, _("A package needs a price: people pay it to have their sessions."))


def _just_added(title: str) -> UUID | None:
    fresh = Package.created_at > clock.now() - SECOND_CLICK
    same = select(Package.id).where(Package.practice_id == current_practice(), Package.title == title, fresh)
    return db.session.execute(same.where(Package.status == OfferingStatus.DRAFT).limit(1)).scalar_one_or_none()


def _columns(entry: PackageEntry) -> dict[str, object]:
    return {
        "offering_id": entry.offering_id,
        "title": entry.title,
        "description": entry.description,
        "sessions": entry.sessions,
        "price": entry.price,
        "valid_days": entry.valid_days,
        "rolls_over": entry.rolls_over,
        "is_hidden": entry.is_hidden,
        "changed_at": clock.now(),
    }


def _set_status(package_id: UUID, status: OfferingStatus) -> None:
    _change(package_id, {"status": status, "changed_at": clock.now()})
    audit.note(f"package_{status.value}", package_id)


def _change(package_id: UUID, values: dict[str, object]) -> None:
    mine = (Package.practice_id == current_practice()) & (Package.id == package_id)
    db.session.execute(update(Package).where(mine).values(**values))
