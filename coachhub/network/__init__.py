"""Network: the professional friends of one client.

Nouns: a *friend* is somebody the client liked working with; *warmth* is what time has done to the friendship;
*silence* is how long there was no contact; a *suggestion* is a friend with the reason why this one next; an
*invitation* is the message to a friend; a *meetup* is an agreed time and place, moved as often as needed; a *log* is
what the client writes after it; the *owner* is the client as the person whose network it is.
"""
