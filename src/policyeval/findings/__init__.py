"""What came out: findings, their explanations and summaries."""
