"""Invitations by mail: a client into the portal, a further coach into the practice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.accounts.models import Practice, TeamInvite, User
from coachhub.accounts.service.invites import link_to as link_to_team
from coachhub.clients.models import ClientInvite, ClientStatus
from coachhub.clients.service.inviting import link_to as link_to_portal
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds.kind import (
    HERE,
    NOW,
    About,
    Claim,
    Kind,
    Letter,
    Pointless,
    Reading,
    Recipient,
    add_messages,
    adding,
    by_claim,
    is_among,
)
from coachhub.reminders.kinds.parties import PARTIES, join_parties, letter_to_client
from coachhub.reminders.kinds.zones import zone_named


@dataclass(frozen=True)
class InviteFacts:
    """Until when the invitation is good; `role` is what a further coach will be."""

    expires_at: datetime
    role: str = ""


def _plan_client(now: datetime) -> int:
    return add_messages(_adding_client(), now)


@cache
def _adding_client() -> Insert:
    rows = select(ClientInvite).where(
        ClientInvite.practice_id == HERE,
        ClientInvite.by_mail,
        ClientInvite.created_at <= NOW,
        ClientInvite.expires_at > NOW,
        ClientInvite.spent_at.is_(None),
    )
    about = About(ClientInvite.id, ClientInvite.created_at, client=ClientInvite.client_id)
    return adding(CLIENT_INVITE, rows, about)


def _read_client(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    invites = select(ClientInvite.id, ClientInvite.expires_at, ClientInvite.spent_at, *PARTIES)
    query = join_parties(invites, ClientInvite.client_id, ClientInvite.practice_id).where(
        ClientInvite.practice_id == current_practice(), is_among(ClientInvite.id, [it.subject_id for it in claims])
    )
    return by_claim(claims, {row.id: _client_reading(row, now) for row in db.session.execute(query)})


def _client_reading(row: Any, now: datetime) -> Reading:
    if row.spent_at is not None:
        return Pointless("accepted")
    if row.status != ClientStatus.INVITED:
        return Pointless(row.status)
    if row.expires_at <= now:  # a newer invitation ends the earlier ones, too
        return Pointless("expired")
    return letter_to_client(row, link_to_portal(row.id, mailed=True), InviteFacts(row.expires_at))


def _plan_team(now: datetime) -> int:
    return add_messages(_adding_team(), now)


@cache
def _adding_team() -> Insert:
    rows = select(TeamInvite).where(
        TeamInvite.practice_id == HERE,
        TeamInvite.created_at <= NOW,
        TeamInvite.expires_at > NOW,
        TeamInvite.accepted_at.is_(None),
        TeamInvite.revoked_at.is_(None),
    )
    return adding(TEAM_INVITE, rows, About(TeamInvite.id, TeamInvite.created_at))


def _read_team(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    query = (
        select(
            TeamInvite.id,
            TeamInvite.email,
            TeamInvite.name,
            TeamInvite.role,
            TeamInvite.expires_at,
            TeamInvite.accepted_at,
            TeamInvite.revoked_at,
            User.name.label("coach_name"),
            User.email.label("coach_email"),
            User.locale,
            Practice.name.label("practice_name"),
            Practice.time_zone,
        )
        .join(User, User.id == TeamInvite.invited_by)
        .join(Practice, Practice.id == TeamInvite.practice_id)
        .where(TeamInvite.practice_id == current_practice(), is_among(TeamInvite.id, [it.subject_id for it in claims]))
    )
    return by_claim(claims, {row.id: _team_reading(row, now) for row in db.session.execute(query)})


def _team_reading(row: Any, now: datetime) -> Reading:
    if row.accepted_at is not None:
        return Pointless("accepted")
    if row.revoked_at is not None:
        return Pointless("revoked")
    if row.expires_at <= now:
        return Pointless("expired")
    return Letter(
        to=Recipient(row.email, row.name, row.locale, zone_named(row.time_zone)),
        coach_name=row.coach_name,
        reply_to=row.coach_email,
        practice_name=row.practice_name,
        leads_to=link_to_team(row.id, mailed=True),
        facts=InviteFacts(row.expires_at, row.role),
    )


CLIENT_INVITE = Kind("client_invite", is_reminder=False, plan=_plan_client, read=_read_client)
TEAM_INVITE = Kind("team_invite", is_reminder=False, plan=_plan_team, read=_read_team)
