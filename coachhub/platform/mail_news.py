"""What a provider tells of mails afterwards, in our words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Fate(StrEnum):
    """What happened to a mail at the provider.

    `taken`: it is the provider's now. `delayed`, `blocked`: the other side did not take it this time, which says
    nothing about the address. `dropped`: the provider will not even try; where it does so because of an earlier
    bounce or complaint, it is `dropped_bounced` or `dropped_complained`.
    """

    TAKEN = "taken"
    DELAYED = "delayed"
    BLOCKED = "blocked"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    DROPPED = "dropped"
    DROPPED_BOUNCED = "dropped_bounced"
    DROPPED_COMPLAINED = "dropped_complained"

    @property
    def is_about_address(self) -> bool:
        """Whether nothing more is to be written to where the mail went."""
        return self in (Fate.BOUNCED, Fate.COMPLAINED, Fate.DROPPED_BOUNCED, Fate.DROPPED_COMPLAINED)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to one mail. `id` is the provider's own: told twice, it is the same.

    `address` is where it went, only where the fate is about that.
    """

    id: str
    practice_id: UUID
    delivery_id: UUID
    fate: Fate
    happened_at: datetime
    reason: str = ""
    address: str = ""
