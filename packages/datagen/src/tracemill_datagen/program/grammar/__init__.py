"""The grammar: which programs a table has, counted and drawn by number."""
