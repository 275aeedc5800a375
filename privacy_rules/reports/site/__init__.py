"""All registers as one static site: a page for each, with the lines of the manifests and the clauses that its rows link to."""
