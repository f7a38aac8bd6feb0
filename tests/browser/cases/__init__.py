"""Stories of cases told through a real browser: regulators, the company, supervisors and the public."""
