"""Figures as pictures and tables: points, bars and strips that templates only have to draw, and files of the same."""
