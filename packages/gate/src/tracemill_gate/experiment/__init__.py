"""Experiment cards: success decided by a machine from evaluation.v1."""
