"""Pages that combine domains for the coach: Today, Clients, Client. Nobody imports this package.

Nouns: *standing* is where a client stands in the coach's lists; a *need* is why somebody needs the coach today; an
*event* is something that happened with one client, without names unless they are shared.
"""
