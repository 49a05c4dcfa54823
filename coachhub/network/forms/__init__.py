"""What clients type about their friends, meetups and logs."""

from coachhub.network.forms.friends import AddFriendForm, EditFriendForm, ThreeFriendsForm
from coachhub.network.forms.logs import LogForm
from coachhub.network.forms.meetups import AgreeForm, TimeAndPlaceForm

__all__ = ["AddFriendForm", "AgreeForm", "EditFriendForm", "LogForm", "ThreeFriendsForm", "TimeAndPlaceForm"]
