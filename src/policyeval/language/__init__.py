"""What a policy may say: models, YAML with places, conditions, durations, checks."""
