"""The kinds of mail, each a file's worth: when it is due, whether it is still wanted, what it says."""

from coachhub.reminders.kinds.actions_due import ACTIONS_DUE
from coachhub.reminders.kinds.after_meetup import AFTER_MEETUP
from coachhub.reminders.kinds.before_meetup import BEFORE_MEETUP
from coachhub.reminders.kinds.choose_friend import CHOOSE_FRIEND
from coachhub.reminders.kinds.coach_week import COACH_WEEK
from coachhub.reminders.kinds.follow_up import FOLLOW_UP
from coachhub.reminders.kinds.friend_answered import FRIEND_ANSWERED
from coachhub.reminders.kinds.invites import CLIENT_INVITE, TEAM_INVITE
from coachhub.reminders.kinds.kind import Claim, Kind, Letter, Pointless
from coachhub.reminders.kinds.month_ends import MONTH_ENDS
from coachhub.reminders.kinds.new_month import NEW_MONTH
from coachhub.reminders.kinds.nudge import NUDGE
from coachhub.reminders.kinds.own_plan import PLAN_CARD_FAILED, PLAN_TRIAL_ENDS
from coachhub.reminders.kinds.payment_failed import PAYMENT_FAILED
from coachhub.reminders.kinds.plan_time import PLAN_TIME
from coachhub.reminders.kinds.promise_due import PROMISE_DUE
from coachhub.reminders.kinds.proofs import RESET_PASSWORD, SIGN_IN_CODE, VERIFY_EMAIL
from coachhub.reminders.kinds.refund_told import REFUND_TOLD
from coachhub.reminders.kinds.report_ready import REPORT_READY
from coachhub.reminders.kinds.session_booked import SESSION_BOOKED
from coachhub.reminders.kinds.session_changed import SESSION_CHANGED
from coachhub.reminders.kinds.session_soon import SESSION_DAY, SESSION_HOUR
from coachhub.reminders.kinds.slot_gone import SLOT_GONE
from coachhub.reminders.kinds.trial import TEST_MAIL
from coachhub.reminders.kinds.wait_found import WAIT_FOUND
from coachhub.reminders.kinds.write_message import WRITE_MESSAGE

KINDS = {
    kind.name: kind
    for kind in (
        SIGN_IN_CODE,
        VERIFY_EMAIL,
        RESET_PASSWORD,
        TEAM_INVITE,
        CLIENT_INVITE,
        TEST_MAIL,
        NUDGE,
        REPORT_READY,
        FRIEND_ANSWERED,
        SESSION_CHANGED,
        SESSION_BOOKED,
        SLOT_GONE,
        PAYMENT_FAILED,
        REFUND_TOLD,
        PLAN_CARD_FAILED,
        PLAN_TRIAL_ENDS,
        WAIT_FOUND,
        SESSION_HOUR,
        SESSION_DAY,
        BEFORE_MEETUP,
        PLAN_TIME,
        ACTIONS_DUE,
        PROMISE_DUE,
        AFTER_MEETUP,
        FOLLOW_UP,
        MONTH_ENDS,
        WRITE_MESSAGE,
        CHOOSE_FRIEND,
        NEW_MONTH,
        COACH_WEEK,
    )
}
"""Every kind by its name, the most pressing first: what is about another person and about today. So they stand in a
mail that is for several.
"""

__all__ = ["KINDS", "Claim", "Kind", "Letter", "Pointless"]
