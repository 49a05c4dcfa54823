"""Addresses that are not written to again, since their mail bounced or their owner complained."""

from collections.abc import Collection

from sqlalchemy import Text, any_, cast, select
from sqlalchemy.dialects.postgresql import ARRAY

from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.models import Suppression


def suppressed_among(addresses: Collection[str]) -> dict[str, str]:
    """Those of the addresses that are not written to, as they were asked for, each with its reason."""
    asked = {address.lower(): address for address in addresses}
    here = (
        Suppression.practice_id == current_practice(),
        Suppression.address == any_(cast(list(asked), ARRAY(Text))),
        Suppression.lifted_at.is_(None),
    )
    found = db.session.execute(select(Suppression.address, Suppression.cause).where(*here))
    return {asked[address]: f"address {cause}" for address, cause in found}
