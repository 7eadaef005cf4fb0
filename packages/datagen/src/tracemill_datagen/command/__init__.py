"""The command groups of datagen, one module each."""
