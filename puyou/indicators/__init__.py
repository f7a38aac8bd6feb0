"""指标: definitions as data, values computed on reading, every number traced to its facts."""
