"""Versioned datasets: read, check, split, write, verify; ``builder.py`` shows the way."""
