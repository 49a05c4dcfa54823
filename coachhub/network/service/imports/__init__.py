"""Getting friends in from files. People are read, staged and shown; nobody is a friend before the client says so.

A *file* comes from a *source*; it is read as a stream of *people* and of lines *left out*, each with its reason; a
whole file that cannot be taken has a *problem*.
"""
