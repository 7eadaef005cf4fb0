"""Conventions: what a question in plain words leaves to its reader, and how it is said."""
