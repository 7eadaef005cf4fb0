"""The life of workers: each place of the pool has one that stands, or gets another."""
