"""Judges a tree by its contracts, specs and evidence."""
