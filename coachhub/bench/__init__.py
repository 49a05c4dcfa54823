"""Measurements on this machine, against floors of the same run; refused nowhere, as nothing real is touched.

Nouns: a *floor* is the least work that could do it; a *contest* is what we take beside its floor, round by round in
turn; a *count* is a number that may not be passed; the *scratch* is servers of its own in a folder that is removed.
"""
