"""A program in an interpreter of its own, started cold and held by nothing but its deadline."""
