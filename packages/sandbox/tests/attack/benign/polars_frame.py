import polars as pl

assert pl.read_csv("data.csv").group_by("kind").agg(pl.col("size").mean()).shape == (2, 2)

# Its writers wait by epoll, and do not go on where there is none.
pl.DataFrame({"kind": ["a", "b"], "size": [1, 2]}).write_csv("sizes.csv")
assert pl.scan_csv("sizes.csv").select(pl.col("size").sum()).collect().item() == 3
