"""What the gateway answers over HTTP: one module per group of routes, and what they share."""
