"""The process layout of many machines under mixed load, while each of its processes is killed in turn.

Nouns: the *fleet* (the processes), the *town* (a practice and everybody who has to do with it), the *people* (threads
that do what people do), a *kill* (a process that dies, and the time until it is replaced), the *truths* (what must hold
at the end). `script/soak --minutes 15` runs it long and prints the figures; the test runs each kill once.
"""
