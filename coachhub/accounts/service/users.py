"""People: one user an address, whatever roles in however many practices."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Uuid, func, select, update
from sqlalchemy.exc import IntegrityError

from coachhub.accounts.models import Membership, Practice, ProofKind, User
from coachhub.accounts.service import audit
from coachhub.accounts.service.logins import end_other_logins
from coachhub.accounts.service.passwords import hash_of_password, is_outdated, is_password
from coachhub.accounts.service.proofs import Account, close_proofs, enter_account, spend_code, spend_link
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import bind, current_practice, current_scope
from coachhub.platform.wakes import look_now


class EmailTaken(Refused):
    """The address has an account already."""

    def __init__(self) -> None:
        super().__init__(409, _("There is an account with this e-mail address. Sign in with it."))


def new_id() -> UUID:
    """An id as the database makes them, for rows that must be named before they are written."""
    made: UUID = db.session.execute(select(func.uuidv7(type_=Uuid()))).scalar_one()
    return made


def has_account(email: str) -> bool:
    """Whether an address has an account; the transaction stays bound to nobody."""
    account = enter_account(email)
    bind(None, None)
    return not account.is_nobody


def add_user(email: str, name: str, locale: str, time_zone: str, *, password: str | None = None) -> UUID:
    """Make a user in the bound practice and bind the transaction to them. Raises EmailTaken."""
    user_id = new_id()
    bind(current_practice(), user_id)
    user = User(
        id=user_id,
        email=email.strip().lower(),
        name=name.strip(),
        password_hash=hash_of_password(password) if password else None,
        locale=locale,
        time_zone=time_zone,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:  # somebody with this address came between the look and the leap
        raise EmailTaken from None
    return user_id


def add_membership(user_id: UUID, role: Role) -> None:
    """Let a user into the bound practice."""
    now = clock.now()
    db.session.add(Membership(practice_id=current_practice(), user_id=user_id, role=role.value, created_at=now))
    db.session.flush()


def prove_address(user_id: UUID, *, kept_login: UUID | None = None, knows_password: bool = True) -> bool:
    """Note that the bound person owns their address. The first time, their other logins end.

    Somebody else may have signed up with this address before its owner came: so the password goes too, unless
    this browser has shown that it knows it. Returns whether a password was taken away.
    """
    unproven = select(User.password_hash).where(User.id == user_id, User.email_verified_at.is_(None))
    row = db.session.execute(unproven).one_or_none()
    if row is None:
        return False
    forgets = row.password_hash is not None and not knows_password
    kept = None if forgets else row.password_hash
    db.session.execute(update(User).where(User.id == user_id).values(email_verified_at=clock.now(), password_hash=kept))
    end_other_logins(user_id, kept_login)
    return forgets


def check_password(email: str, password: str) -> Account | None:
    """The account with this address and password, with the transaction bound to it; None else, after the same time."""
    account = enter_account(email)
    kept = db.session.execute(select(User.password_hash).where(User.id == account.user_id)).scalar_one_or_none()
    if not is_password(password, kept):
        bind(None, None)
        return None
    if kept is not None and is_outdated(kept):
        _set_password(account.user_id, password)
    return account


def knows_password(user_id: UUID, password: str) -> bool:
    """Whether the bound person's password is this one."""
    kept = db.session.execute(select(User.password_hash).where(User.id == user_id)).scalar_one_or_none()
    return is_password(password, kept)


def has_password(user_id: UUID) -> bool:
    """Whether the bound person signs in with a password at all; many only use mailed codes."""
    return db.session.execute(select(User.password_hash).where(User.id == user_id)).scalar_one_or_none() is not None


def has_unproven_password(user_id: UUID) -> bool:
    """Whether the bound person has a password, and nobody has shown yet that it was chosen by the address's owner."""
    unproven = (User.id == user_id, User.email_verified_at.is_(None), User.password_hash.is_not(None))
    return db.session.execute(select(func.count()).where(*unproven)).scalar_one() > 0


def sign_in_by_code(email: str, code: str, *, knew: UUID | None) -> tuple[Account, bool] | None:
    """The account whose code this is, and whether its unproven password was taken away; None for a wrong code.

    `knew`: the user whose password this browser has given before.
    """
    account = spend_code(email, code)
    if account is None:
        return None
    return account, prove_address(account.user_id, knows_password=knew == account.user_id)


def change_password(user_id: UUID, password: str, *, kept_login: UUID | None) -> None:
    """Give the bound person a new password, and end their other logins and every open code and link."""
    _set_password(user_id, password)
    end_other_logins(user_id, kept_login)
    close_proofs(ProofKind.SIGN_IN, ProofKind.RESET)
    audit.note("password_changed", user_id)


def change_profile(user_id: UUID, name: str, time_zone: str, locale: str) -> None:
    """Change what the bound person is called and how they read dates and times."""
    values = {"name": name.strip(), "time_zone": time_zone, "locale": locale}
    db.session.execute(update(User).where(User.id == user_id).values(**values))
    _look_in_practices_of(user_id)


def _look_in_practices_of(user_id: UUID) -> None:
    """The bound person's zone decides when their mail is due, in each practice to which they belong."""
    bound = current_scope()
    for practice_id in db.session.scalars(select(Membership.practice_id).where(Membership.user_id == user_id)).all():
        bind(practice_id, user_id)
        look_now()
    bind(bound.practice_id, bound.user_id)


def own_names(account: Account) -> tuple[str, str]:
    """The bound person's address and practice: what their password may not be."""
    names = (
        select(User.email, Practice.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Practice, Practice.id == Membership.practice_id)
        .where(User.id == account.user_id, Practice.id == account.practice_id)
    )
    email, practice_name = db.session.execute(names).one()
    return email, practice_name


def reset_password(token: str, password: str) -> Account | None:
    """Spend a mailed link for a new password, which proves the address too; None when the link is no longer good."""
    account = spend_link(ProofKind.RESET, token)
    if account is not None:
        prove_address(account.user_id)
        change_password(account.user_id, password, kept_login=None)
    return account


def verify_address(token: str, *, kept_login: UUID | None) -> Account | None:
    """Spend a mailed link that confirms an address; None when the link is no longer good."""
    account = spend_link(ProofKind.VERIFY, token)
    if account is not None:
        prove_address(account.user_id, kept_login=kept_login)
    return account


def _set_password(user_id: UUID, password: str) -> None:
    db.session.execute(update(User).where(User.id == user_id).values(password_hash=hash_of_password(password)))
