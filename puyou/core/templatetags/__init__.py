"""The words that templates may use, built in everywhere."""
