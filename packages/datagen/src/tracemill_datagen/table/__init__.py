"""Real tables: reading, typing, profiling, and the embedded ones."""
