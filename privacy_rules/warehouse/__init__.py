"""Rules as relational plans: a database finds the flows that may be at fault, and the engine judges those."""
