"""Trains, samples and evaluates models on reasoning traces in JAX."""
