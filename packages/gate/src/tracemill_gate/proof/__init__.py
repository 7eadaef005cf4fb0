"""Fail-first proof: the named tests at the base and at the head, in trees of their own."""
