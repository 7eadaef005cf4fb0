"""Questions: proposals, their readings, how they are settled, and how they are stored."""
