"""Mails: what is due, to whom, with which text, and that it goes out once.

Nouns: a *kind* of mail knows when it is due, whether it is still wanted and what it says; a *message* is one mail
to one person, a row of the *outbox* until the provider has taken it; a *claim* is a message that one process may
send; a *reminder* is a kind that keeps the *quiet hours*, the local night in which nothing is sent, and that its
reader may switch off.
"""
