"""The way of a request: a place is lent, the request is tried there, and once more elsewhere."""
