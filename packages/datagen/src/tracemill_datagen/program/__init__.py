"""Typed programs over one table: operators, two engines, canonical form, wording, source."""
