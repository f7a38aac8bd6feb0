"""整改: a settled missed duty becomes an order, and only later visits in the village prove it done."""
