"""Random programs, each with an independent oracle of its gradient."""
