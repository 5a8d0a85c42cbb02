"""Facts about core form: what is known of each value, what must be recorded, who shares memory."""
