"""A second, naive implementation of docs/language.md: what the pipeline is held against."""
