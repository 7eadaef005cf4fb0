"""Runs untrusted Python for tracemill."""
