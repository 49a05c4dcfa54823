"""Opening a practice, its settings, and changing from one to another."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from coachhub.accounts.models import Login, Membership, Practice, ProofKind
from coachhub.accounts.rules.names import NO_SLUG, name_in, slug_of
from coachhub.accounts.service import audit
from coachhub.accounts.service.changes import OPENED
from coachhub.accounts.service.proofs import Account, ask_for_own_proof
from coachhub.accounts.service.users import EmailTaken, add_membership, add_user, has_account, new_id
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import bind, current_practice, current_scope
from coachhub.platform.wakes import look_now

_BY_SLUG = text("select lookup.practice_by_slug(:slug)")


@dataclass(frozen=True)
class Place:
    """Where a practice works: a locale such as `en_GB`, an IANA zone, a currency of three letters."""

    locale: str
    time_zone: str
    currency: str


@dataclass(frozen=True)
class PracticeSettings:
    """What an owner may change of a practice. `half_life_days`: after so many days a friendship is half as warm."""

    name: str
    time_zone: str
    currency: str
    half_life_days: int


@dataclass(frozen=True)
class MyPractice:
    """One of the practices that a person belongs to."""

    practice_id: UUID
    name: str
    role: Role


def sign_up(practice_name: str, email: str, password: str, place: Place) -> Account:
    """Open a practice with its owner, and have the address confirmed by mail. Raises EmailTaken.

    The transaction is bound to the owner afterwards.
    """
    if has_account(email):
        raise EmailTaken
    with db.session.begin_nested():  # who lost a race for the address must leave no practice without an owner
        practice_id = _add_practice(practice_name, place)
        name = name_in(email, practice_name)
        user_id = add_user(email, name, place.locale, place.time_zone, password=password)
        add_membership(user_id, Role.OWNER)
        OPENED.tell(practice_id, user_id)
        look_now()
    ask_for_own_proof(ProofKind.VERIFY)
    audit.note("practice_opened", practice_id)
    return Account(user_id, practice_id)


def open_practice(user_id: UUID, login_id: UUID, practice_name: str, place: Place) -> None:
    """Open one more practice for somebody who has an account, and enter it."""
    practice_id = _add_practice(practice_name, place)
    bind(practice_id, user_id)
    add_membership(user_id, Role.OWNER)
    OPENED.tell(practice_id, user_id)
    look_now()
    audit.note("practice_opened", practice_id)
    enter_practice(login_id, practice_id)


def my_practices(user_id: UUID) -> list[MyPractice]:
    """The practices of the bound person, by name."""
    rows = db.session.execute(
        select(Practice.id, Practice.name, Membership.role)
        .join(Membership, Membership.practice_id == Practice.id)
        .where(Membership.user_id == user_id)
        .order_by(Practice.name, Practice.id)
    )
    return [MyPractice(practice_id, name, Role(role)) for practice_id, name, role in rows]


def enter_practice(login_id: UUID, practice_id: UUID) -> Role:
    """Let this browser's login look at another practice of the same person. Raises NotFound elsewhere."""
    user_id = current_scope().user_id
    is_mine = (Membership.practice_id == practice_id) & (Membership.user_id == user_id)
    role = db.session.execute(select(Membership.role).where(is_mine)).scalar_one_or_none()
    if role is None:
        raise NotFound
    db.session.execute(update(Login).where(Login.id == login_id).values(practice_id=practice_id))
    return Role(role)


def practice_settings() -> PracticeSettings:
    """The settings of the bound practice."""
    columns = (Practice.name, Practice.time_zone, Practice.currency, Practice.half_life_days)
    row = db.session.execute(select(*columns).where(Practice.id == current_practice())).one()
    return PracticeSettings(*row)


def change_practice(wanted: PracticeSettings) -> None:
    """Change the settings of the bound practice; its address stays, so that links keep working."""
    db.session.execute(
        update(Practice)
        .where(Practice.id == current_practice())
        .values(
            name=wanted.name,
            time_zone=wanted.time_zone,
            currency=wanted.currency,
            half_life_days=wanted.half_life_days,
        )
    )
    audit.note("practice_changed", current_practice())


def _add_practice(name: str, place: Place) -> UUID:
    """Insert a practice under the first free address, and bind the transaction to it and to nobody."""
    practice_id = new_id()
    bind(practice_id, None)
    for slug in _addresses(slug_of(name)):
        is_taken = db.session.execute(_BY_SLUG, {"slug": slug}).scalar_one() is not None
        if not is_taken and _insert(practice_id, slug, name, place):
            return practice_id
    raise RuntimeError("unreachable: the addresses do not end")


def _addresses(slug: str) -> Iterator[str]:
    """The plain address, then with a number, then with chance; a name without Latin letters begins with chance."""
    if slug != NO_SLUG:
        yield slug
        yield from (f"{slug}-{number}" for number in range(2, 6))
    while True:
        yield f"{slug}-{secrets.token_hex(3)}"


def _insert(practice_id: UUID, slug: str, name: str, place: Place) -> bool:
    row = {
        "id": practice_id,
        "slug": slug,
        "name": name.strip(),
        "time_zone": place.time_zone,
        "currency": place.currency,
        "locale": place.locale,
        "created_at": clock.now(),
    }
    try:
        with db.session.begin_nested():
            db.session.execute(insert(Practice).values(**row))
    except IntegrityError:  # the address went to somebody else just now
        return False
    return True
