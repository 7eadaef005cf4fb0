"""The commands of the gate, a module for each group of them."""
