"""``python -m tracemill`` is ``tracemill``."""

from tracemill.cli import main

main()
