"""Evidence files: running a check, counting what it looked at, and judging what it left."""
