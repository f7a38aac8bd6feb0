"""Dated rules with their source, and the working-day calendar."""
