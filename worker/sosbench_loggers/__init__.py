"""Hands what a comparison found to the program that a team looks into. One module a logger; each imports its own library alone."""
