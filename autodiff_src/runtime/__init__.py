"""What generated code imports: plain NumPy that knows nothing of trees or stages."""
