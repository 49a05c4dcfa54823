"""Coaching: what coach and client do together.

Nouns: a *coaching session* is one conversation of a coach with a client: when, for how long, where, what about.
It is scheduled, then held or cancelled. "Session" alone means the database's.
"""
