"""What this room answers over HTTP."""
