"""Network: the professional friends of one client.

Nouns: the *owner* is the client as the person whose network it is; a *friend* is somebody they liked working with; an
*import* brings friends from a file. *Warmth* is what time has done to a friendship, *silence* how long there was no
contact, *strength* what warmth and liking add up to; the *rings* show friends by warmth; a *suggestion* is a friend
with the reason why this one next, as one *role* of three.

An *invitation* is the message to a friend; its *proposal* is the times and the place that the client offers, cut out of
their *free hours*; under its *reply link* the friend answers, perhaps with a *counter-offer* of other times. A *meetup*
is an agreed time and place, moved as often as needed; a *log* is what the client writes after it, with the *promise*
they made; a *contact* is any other time they were in touch. All of it is a friend's timeline of *happenings*.
"""
