"""Engines that evaluate programs, and the checks that drop operators or change cells."""
