"""Practices (the tenants), users, memberships, sign-in, team invitations and the audit trail."""
