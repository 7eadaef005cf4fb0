"""What happened when a solver worked on a question."""
