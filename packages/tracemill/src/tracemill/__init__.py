"""Turns tables into executed, checked reasoning traces and trained models."""
