"""Reasoning families: tasks whose every step carries a claim; ``catalogue.py`` lists them."""
