"""The rule language: from text to a syntax tree, and on to a resolved policy."""
