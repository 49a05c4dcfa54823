"""What an operator sees and does on the command line, across practices: counts and ids, never names.

Nouns: a *status* (how mail stands at one moment), a *pause* (mail held back, of a practice or a kind), a *failed job*.
"""
