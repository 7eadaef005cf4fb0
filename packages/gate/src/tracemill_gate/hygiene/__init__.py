"""Hygiene: markers of unfinished work, and how large and how plain the code is."""
