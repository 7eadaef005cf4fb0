"""Canaries: a violation of every rule of the gate, planted where it must be seen.

A rule that was never seen red is a belief. ``nox -s canaries`` plants each canary in a scratch
copy, runs the command of its part there, and wants red and the right words. Before that the same
command must be green without the canary, or its red would prove nothing.

    canary.py       what a canary is
    part.py         the commands of the gate's parts, from noxfile.py
    plant.py        ways to plant one
    scene.py        the scratch copies: a clone of this repository, and small ones
    catalogue.py    all canaries, by part of the gate
    rule.py         the rules that must have one
    runner.py       plants, runs, judges

To add one, add five lines to the tuple of its part.
"""
