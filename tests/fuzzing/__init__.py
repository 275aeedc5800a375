"""Coverage-guided fuzzing: `./try fuzz [SECONDS] [TARGET]`.

Each target takes any bytes as one kind of input. `test_targets.py` runs the targets on their seeds, without a fuzzer.
"""
