"""Who works on a question, and how its code is run."""
