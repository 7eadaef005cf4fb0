import polars as pl

assert pl.read_csv("data.csv").group_by("kind").agg(pl.col("size").mean()).shape == (2, 2)
