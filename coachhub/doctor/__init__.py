"""What an operator asks of a copy that runs: which settings hold, and is everything it stands on well.

Nouns: a *check* (one thing examined, fine or not, in a line), a *setting shown* (by its environment name).
"""
