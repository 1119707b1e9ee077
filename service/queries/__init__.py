"""What the API answers, read from the published build and joined with what people decided."""
