"""Programs in core form become programs that compute derivatives; templates are expanded here."""
