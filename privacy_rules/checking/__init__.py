"""Judge a flow graph by core rules: the results are judgements with their reasons."""
