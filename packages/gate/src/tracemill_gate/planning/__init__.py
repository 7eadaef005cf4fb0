"""Planning files: specs, current.md and the commands that move between them."""
