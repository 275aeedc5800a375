"""The declared flows as a graph: arrays for judging, paths through it, and networkx beside it."""
