"""`coachhub up`: everything of one copy of CoachHub, run from one command under supervisord.

Nouns: the *choice* (which servers are ours, which were named from outside), a *program* (one line of
supervisord's configuration), the *supervisor* (supervisord, spoken to over its socket).
"""
