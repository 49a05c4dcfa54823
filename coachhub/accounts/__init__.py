"""Practices (the tenants), users, memberships, sign-in, team invitations and the audit trail.

Nouns: an *account* is a user with the practice they entered first; a *login* is one browser signed in; a *proof* is a
mailed code or link that shows an address to be somebody's; a *place* is a first guess at locale, zone and currency.
"""
