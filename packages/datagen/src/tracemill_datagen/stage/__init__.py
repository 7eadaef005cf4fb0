"""The stages of data generation, one file each; ``pipeline.py`` shows their order."""
