"""The coaches of a practice: the owner's list and invitations, and the page that an invited coach opens."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.forms import JoinForm, TeamInviteForm
from coachhub.accounts.service import invites, members
from coachhub.accounts.service.users import has_account
from coachhub.accounts.views.pages import few_from_one_address, guessed_place, pages, sign_browser_in
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_owner, public
from coachhub.platform.identity import Role, identity, signed_in_as


@pages.get("/settings/team")
@for_owner
def team() -> str:
    return _page(TeamInviteForm(formdata=None))


@pages.post("/settings/team")
@few_from_one_address
@for_owner
def invite_coach() -> ResponseReturnValue:
    form = TeamInviteForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        invites.invite_coach(signed_in_as(), form.name.data, form.email.data)
    except (invites.AlreadyHere, invites.TooManyInvites) as refused:
        form.email.errors = [refused.text]
        return _page(form), 422
    flash(_("The invitation to %(name)s is on its way.", name=form.name.data))
    return redirect(url_for("accounts.team"), 303)


@pages.post("/settings/team/<uuid:invite_id>/revoke")
@for_owner
def revoke_invite(invite_id: UUID) -> ResponseReturnValue:
    invites.revoke_invite(invite_id)
    flash(_("The invitation is withdrawn; its link no longer works."))
    return redirect(url_for("accounts.team"), 303)


@pages.post("/settings/team/role")
@for_owner
def change_role() -> ResponseReturnValue:
    user_id, role = request.form.get("user_id", type=UUID), request.form.get("role")
    if user_id is None or role not in (Role.OWNER, Role.COACH):
        raise NotFound
    members.change_role(user_id, Role(role))
    flash(_("The role is changed."))
    return redirect(url_for("accounts.team" if user_id != signed_in_as().user_id else "accounts.home"), 303)


@pages.get("/team/<token>")
@public
def team_invitation(token: str) -> ResponseReturnValue:
    invitation = invites.invitation_of(token)
    if invitation is None:
        return render_template("accounts/link_over.html", kind="team"), 410
    return _invitation_page(token, invitation, JoinForm((), name=invitation.name))


@pages.post("/team/<token>")
@few_from_one_address
@public
def join_team(token: str) -> ResponseReturnValue:
    invitation, person = invites.invitation_of(token), identity()
    if invitation is None:
        return render_template("accounts/link_over.html", kind="team"), 410
    if person is not None:
        account = invites.join_as(person, invitation)
        return sign_browser_in(account, url_for("accounts.home"), by_password=False)
    form = JoinForm((invitation.email, invitation.practice_name))
    if not form.validate_on_submit():
        return _invitation_page(token, invitation, form), 422
    place = guessed_place(form.time_zone.data)
    account = invites.join_as_new(invitation, form.name.data, form.password.data, place)
    return sign_browser_in(account, url_for("accounts.home"), by_password=True)


def _page(form: TeamInviteForm) -> str:
    return render_template(
        "accounts/team.html", form=form, coaches=members.coaches(), pending=invites.pending_invites()
    )


def _invitation_page(token: str, invitation: invites.Invitation, form: JoinForm) -> str:
    return render_template(
        "accounts/team_invitation.html",
        token=token,
        invitation=invitation,
        form=form,
        has_account=has_account(invitation.email),
    )
