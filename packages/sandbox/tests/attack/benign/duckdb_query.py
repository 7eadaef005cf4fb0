import duckdb

assert duckdb.sql("select count(*) from 'data.csv'").fetchall() == [(6,)]
