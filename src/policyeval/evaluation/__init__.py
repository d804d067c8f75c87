"""From duties to verdicts: each step a pure function from tables to a table, in its own file."""
