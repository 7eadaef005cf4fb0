"""What a model learns from, made of verified episodes."""
