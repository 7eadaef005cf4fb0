"""Hand-written families of questions over a profiled table, one file each."""
