"""The kinds of mail, each a file's worth: when it is due, whether it is still wanted, what it says."""

from coachhub.reminders.kinds.after_meetup import AFTER_MEETUP
from coachhub.reminders.kinds.friend_answered import FRIEND_ANSWERED
from coachhub.reminders.kinds.invites import CLIENT_INVITE, TEAM_INVITE
from coachhub.reminders.kinds.kind import Claim, Kind, Letter, Pointless
from coachhub.reminders.kinds.new_month import NEW_MONTH
from coachhub.reminders.kinds.nudge import NUDGE
from coachhub.reminders.kinds.promise_due import PROMISE_DUE
from coachhub.reminders.kinds.proofs import RESET_PASSWORD, SIGN_IN_CODE, VERIFY_EMAIL

KINDS = {
    kind.name: kind
    for kind in (
        SIGN_IN_CODE,
        VERIFY_EMAIL,
        RESET_PASSWORD,
        TEAM_INVITE,
        CLIENT_INVITE,
        NUDGE,
        FRIEND_ANSWERED,
        NEW_MONTH,
        AFTER_MEETUP,
        PROMISE_DUE,
    )
}

__all__ = ["KINDS", "Claim", "Kind", "Letter", "Pointless"]
