"""Reminders: what is due, to whom, with which text.

Nouns: a *reminder* is one kind of message due to one person at one instant; *quiet hours* are the local night
in which nothing is sent; the *outbox* holds each message until the provider has taken it.
"""
