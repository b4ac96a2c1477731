"""How the agencies service keeps its region: the only place of the service with SQL."""
