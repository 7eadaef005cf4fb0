"""Revisions of the worker's tables, run by ``tracemill_worker.migrate``."""
