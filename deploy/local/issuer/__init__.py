"""A small OpenID Connect provider with fictional people, for local use only."""
