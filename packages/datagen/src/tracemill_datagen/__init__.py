"""Turns tables and task families into verified traces and datasets."""
