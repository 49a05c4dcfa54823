"""What pages say about messages: what each is, where it stands and why; and about addresses that get none."""

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from coachhub.platform.language import date_words
from coachhub.platform.mail_news import Fate
from coachhub.reminders.captions import caption_of
from coachhub.reminders.models import MessageState
from coachhub.reminders.service.messages import COUNTED_AT_MOST, MessageLine, Pile
from coachhub.reminders.service.suppressions import Suppressed

_UNWRITTEN = "could not be written: "


def title_of(kind: str) -> str:
    """What a message is, in a few words."""
    words: dict[str, str] = {
        "sign_in_code": _("Code to sign in"),
        "verify_email": _("Confirm the address"),
        "reset_password": _("New password"),
        "team_invite": _("Invitation to the team"),
        "client_invite": _("Invitation"),
        "test_mail": _("Test of a message"),
        "friend_answered": _("A friend answered"),
        "session_changed": _("News of a session"),
        "slot_gone": _("Paid too late"),
        "payment_failed": _("Payment failed"),
        "refund_told": _("Money given back"),
        "wait_found": _("A time has opened"),
        "plan_trial_ends": _("Your plan: free days end"),
        "plan_card_failed": _("Your plan: card failed"),
    }
    return words.get(kind) or caption_of(kind).title


def state_words(state: MessageState) -> str:
    """Where a message stands, in one word or two."""
    words: dict[MessageState, str] = {
        MessageState.DUE: _("Waiting"),
        MessageState.CLAIMED: _("Waiting"),
        MessageState.SENT: _("Sent"),
        MessageState.DELIVERED: _("Delivered"),
        MessageState.BOUNCED: _("Bounced"),
        MessageState.COMPLAINED: _("Complained"),
        MessageState.UNKNOWN: _("Not sure"),
        MessageState.DROPPED: _("Not sent"),
        MessageState.FAILED: _("Failed"),
    }
    return words[state]


def pile_words(pile: Pile) -> str:
    """A filter of the outbox."""
    if pile is Pile.TROUBLE:
        return str(_("Trouble"))
    return str(_("Waiting")) if pile is Pile.WAITING else state_words(MessageState(pile.value))


def count_words(count: int) -> str:
    """A count, as the reader writes it; beyond what is counted, that it is at least so many."""
    written = str(format_decimal(count))
    return f"{written}+" if count >= COUNTED_AT_MOST else written


def why_words(line: MessageLine) -> str:
    """Why a message stands where it does, where there is something to say."""
    if line.state is MessageState.UNKNOWN:
        return str(_("The provider gave no answer: it may have arrived or not."))
    if not line.reason:
        return ""
    if line.state is MessageState.DUE:
        return str(_("Tried %(n)s times: %(reason)s", n=line.attempts, reason=line.reason))
    if line.reason.startswith(_UNWRITTEN):
        return str(_("We could not write it (%(error)s).", error=line.reason.removeprefix(_UNWRITTEN)))
    return reason_words(line.reason)


def reason_words(reason: str) -> str:
    """Why a message was not sent; a reason that has no words here stands for itself."""
    return _about_the_client(reason) or _about_the_matter(reason) or reason


def _about_the_client(reason: str) -> str | None:
    words: dict[str, str] = {
        "switched off": _("This kind is switched off."),
        "paused": _("They rested at that time."),
        "archived": _("They were in the archive."),
        "invited": _("They had not started yet."),
        "active": _("They had started already."),
        "met": _("They had met somebody already."),
        "logged": _("They had told already how it was."),
        "kept": _("The promise was kept already."),
        "taken back": _("The promise was taken back."),
        "no coach": _("They did not coach here any more."),
        "no clients": _("They had no clients."),
        "address bounced": _("Mail to this address has bounced before."),
        "address complained": _("They have said that they do not want this mail."),
    }
    return words.get(reason)


def _about_the_matter(reason: str) -> str | None:
    words: dict[str, str] = {
        "too late": _("It would have come too late to be of use."),
        "stale": _("It would have come too late to be of use."),
        "gone": _("What it was about is not there any more."),
        "over": _("The month was over."),
        "ended": _("The habit had ended."),
        "put off": _("It was put off to another day."),
        "nothing left": _("There was nothing left to do on that day."),
        "cancelled": _("It was called off."),
        "held": _("It had taken place already."),
        "moved": _("It was moved to another day."),
        "settled": _("It was settled already."),
        "superseded": _("Something newer came in between."),
        "accepted": _("The invitation was accepted already."),
        "revoked": _("The invitation was withdrawn."),
        "expired": _("It had run out."),
        "used": _("It was used already."),
        "replaced": _("A newer one was asked for."),
        "never told": _("They had not heard of it before, so there was nothing to take back."),
        "missed": _("They had not come."),
        "taken": _("Somebody else had taken that time meanwhile."),
        "ended waiting": _("They did not want to be told any more."),
        "paid": _("It was paid in the end."),
        "not given back": _("The money could not be given back."),
    }
    return words.get(reason)


def together_words(line: MessageLine) -> str:
    """That a message shared its mail with others, where it did."""
    if not line.others:
        return ""
    return str(ngettext("In one mail with %(num)s other", "In one mail with %(num)s others", line.others))


def told_words(event: str) -> str:
    """What the provider told of a mail."""
    words: dict[str, str] = {
        Fate.TAKEN: _("Taken by the provider"),
        Fate.DELAYED: _("Not taken yet; the provider tries again"),
        Fate.BLOCKED: _("Not taken this time"),
        Fate.DELIVERED: _("Delivered"),
        Fate.BOUNCED: _("Bounced"),
        Fate.COMPLAINED: _("Reported as unwanted"),
        Fate.UNSUBSCRIBED: _("Switched off by its reader"),
        Fate.DROPPED: _("Not tried by the provider"),
        Fate.DROPPED_BOUNCED: _("Not tried by the provider: it bounced before"),
        Fate.DROPPED_COMPLAINED: _("Not tried by the provider: it was reported before"),
    }
    return words.get(event, event)


def stopped_words(address: str, found: Suppressed, zone: str | None = None) -> str:
    """That nothing is sent to an address, and why."""
    day = date_words(found.since, zone)
    if found.needs_certainty:
        return str(_("%(address)s wants no mail since %(day)s. Nothing is sent.", address=address, day=day))
    return str(_("Mail to %(address)s bounced on %(day)s. Nothing is sent.", address=address, day=day))
