"""Coverage-guided fuzzing: `./try fuzz [SECONDS] [TARGET]`.

Each target takes any bytes as one kind of input. `test_targets.py` runs the targets on their seeds, without a fuzzer.

    targets.py    what is done with an input, and what must hold afterwards
    seeds.py      the inputs that the fuzzer starts from, and its dictionary
    trees.py      git repositories made from bytes
    desk.py       the project that a target works in
    guard.py      what the process may not do meanwhile
    one.py        fuzzes one target; `__main__.py` runs one such process for each
    replay.py     runs a saved input again
"""
