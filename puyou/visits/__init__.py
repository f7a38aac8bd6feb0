"""What happened in the village."""
