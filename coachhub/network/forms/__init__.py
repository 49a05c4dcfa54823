"""What clients type about their friends, contacts, meetups and logs."""

from coachhub.network.forms.contacts import ContactForm, RestForm
from coachhub.network.forms.friends import AddFriendForm, EditFriendForm, QuickFriendForm, SpokeForm, ThreeFriendsForm
from coachhub.network.forms.imports import ColumnsForm, FileOfFriendsForm
from coachhub.network.forms.logs import LogForm
from coachhub.network.forms.meetups import AgreeForm, TimeAndPlaceForm

__all__ = [
    "AddFriendForm",
    "AgreeForm",
    "ColumnsForm",
    "ContactForm",
    "EditFriendForm",
    "FileOfFriendsForm",
    "LogForm",
    "QuickFriendForm",
    "RestForm",
    "SpokeForm",
    "ThreeFriendsForm",
    "TimeAndPlaceForm",
]
