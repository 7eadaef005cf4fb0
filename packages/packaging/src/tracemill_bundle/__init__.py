"""Builds and verifies submission bundles from evidence."""
