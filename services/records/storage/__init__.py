"""How the records service keeps personal data: the only place of the service with SQL."""
