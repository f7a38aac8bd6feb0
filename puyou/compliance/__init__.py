"""Whether a village got the service its duty promises."""
