"""Questions about rules that need all possible facts: asked of formulas, answered by trying whatever can be told apart."""
