"""Client records of a practice: who they are, their coach, the invitation into the portal, what they share.

Nouns: a *client* is the record, which exists before the person accepts; a *client invite* is a link into the portal,
mailed or copied; *standing* is invited, active, paused or archived; *people* are clients to be, as a list has them.
"""
