"""Operations: what whoever runs an installation sees of all practices together, and holds back.

An *operator* is a person who may look. A *check* is one thing examined, fine or not, in a line. A *status* tells how
mail stands at one moment; a *pause* is mail held back, of a practice or a kind. It is all
counts and ids, never names.
"""
