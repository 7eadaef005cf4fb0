"""Operators by subject, a file each: what each means in two engines, in pandas and in words."""
