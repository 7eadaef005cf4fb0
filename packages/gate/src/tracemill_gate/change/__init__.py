"""A change in git, held against the specs that allow it."""
