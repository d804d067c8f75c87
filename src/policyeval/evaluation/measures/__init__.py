"""Measures: how much. Each yields `ob`, `part`, `counted`, `late`, `defective`."""
