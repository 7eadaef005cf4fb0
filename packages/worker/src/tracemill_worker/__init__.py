"""Queues and runs long work on PostgreSQL for tracemill."""
