"""Figures about many clients at once: how their months went, where they stop, what comes of it.

Nouns: a *group* is whom a figure is about; a *beginning* is the first month in which a client had the habit.
"""
