"""Map and drill-down pages; owns no facts."""
