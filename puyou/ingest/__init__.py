"""The front door for phones: what came, not what it means."""
