"""Use cases of a client's network, a file per noun; each takes the owner whose network it is."""
