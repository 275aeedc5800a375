"""Tables as manifests: Parquet, DuckDB, JSON lines and CSV, with one row for each flow, system, party or contract."""
