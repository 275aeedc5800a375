"""The rules as formulas over what a manifest can say, and questions about all manifests, answered by trying whatever can be told apart."""
