"""Habits: the monthly reconnection habit of a practice and what a client makes of it.

Nouns: a *habit* is the practice's definition; an *assignment* gives it to a client from a month on; a *cycle*
is one month of one assignment, with a *stage* (the furthest step reached), a *result* (done, missed, paused,
carried), and for the running month a *status* with its reason; a *plan* is the client's if-then commitment
for the month; *strength*, *streak* and *hours* are what the months add up to.
"""
