"""Pages about supervisors, for the office; one page about a certificate for everybody."""
