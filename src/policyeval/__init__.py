"""Evaluates a plan's recurring duties, written as declarative policy, against a year of events."""
