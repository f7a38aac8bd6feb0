"""社会监督反映: from a report to a result, and never “closed” for what is not rectified and verified."""
