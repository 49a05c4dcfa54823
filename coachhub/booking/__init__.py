"""Bookings: what a coach offers, when they are free, and who has taken which time.

An *offering* is something bookable; a *package* is several sessions of one, paid at once. *Availability* is a coach's
weekly hours in the coach's zone, with dated exceptions. A *booking* is a slot of a coach, taken: held while somebody
pays, then confirmed. A *wait* asks to be told when a time opens.
"""
