"""What Prometheus asks for at `/metrics`.

Nouns: what a *web process* counts of its requests lies in a file that all processes of one server can read; what
*happens* anywhere is counted in Valkey (`platform/counts.py`); how things *stand* is asked of the database and the
queues at the moment of asking. Nothing here names a practice or a person.
"""
