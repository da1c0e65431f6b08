"""Many triggers from every source at random times, against the real program on the private desktop.

    python -m tests.soak [--triggers 1000] [--seed 1] [--json FILE]

Each trigger must end in exactly one way, and the program must be as small at the end as it was when
warm. `hands` gives the triggers, `account` finds out what became of each, `course` is the order of it all.
"""
