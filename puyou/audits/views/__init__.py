"""Pages of draws and of re-checks."""
