"""The client's switch for all."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network.service import sharing
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform.guards import for_client


@pages.post("/my/network/share")
@for_client
def share_all() -> ResponseReturnValue:
    """Share the whole network with the coach (`shared=yes`), or take all of it back."""
    flag = request.form.get("shared") == "yes"
    sharing.share_all(owner(), flag)
    flash(_("Your coach can see your friends, meetups and logs.") if flag else _("Your network is yours alone again."))
    return redirect(back_to("clients.my_settings"), 303)
