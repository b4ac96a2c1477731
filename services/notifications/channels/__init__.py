"""The ways out of the house, one module per provider."""
