"""The rules as formulas over what a manifest can say, and questions about all manifests, answered by trying every combination that the rules can distinguish."""
