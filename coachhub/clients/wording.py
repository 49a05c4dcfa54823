"""What the clients domain says: why a line is not taken, why a list cannot be read."""

from flask_babel import gettext as _

from coachhub.clients.models import ClientStatus
from coachhub.clients.rules.people import Skip
from coachhub.clients.rules.table import Unreadable


def skip_words(reason: Skip) -> str:
    """Why a line is not taken."""
    words: dict[Skip, str] = {
        Skip.NO_ADDRESS: _("there is no e-mail address in it"),
        Skip.BAD_ADDRESS: _("this e-mail address cannot be right"),
        Skip.TWICE: _("the same address is in the list further up"),
        Skip.CLIENT_ALREADY: _("is your client already"),
        Skip.ARCHIVED_CLIENT: _("is in your archive: bring them back from there"),
        Skip.COACH_HERE: _("is a coach of this practice"),
    }
    return words[reason]


def unreadable_words(reason: Unreadable) -> str:
    """Why a list cannot be read, and what to do."""
    words: dict[Unreadable, str] = {
        Unreadable.EMPTY: _("There is nobody in it yet. Write one person a line: the name, then the e-mail address."),
        Unreadable.NOT_TEXT: _("This is not a CSV file. In your spreadsheet, choose “Save as” and then CSV."),
        Unreadable.TOO_BIG: _("This file is larger than 2 MB. Leave out the columns that are not needed."),
        Unreadable.TOO_MANY: _("That is more than 1,000 people. Add them in several parts."),
        Unreadable.NO_ADDRESSES: _("There is no e-mail address in this file. It needs a column “E-mail”."),
    }
    return words[reason]


def standing_words(status: ClientStatus) -> str:
    """Where a client stands, in a word."""
    words: dict[ClientStatus, str] = {
        ClientStatus.INVITED: _("Invited"),
        ClientStatus.ACTIVE: _("Active"),
        ClientStatus.PAUSED: _("Paused"),
        ClientStatus.ARCHIVED: _("Archived"),
    }
    return words[status]
