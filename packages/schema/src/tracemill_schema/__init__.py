"""Records, canonical bytes, content ids and answer equality of tracemill.

Import from the modules, never from here: ``from tracemill_schema.trace import Trace``.
"""
