"""Policy tests: cases with the findings that they must bring, what of a policy they exercise, and what they would not notice."""
