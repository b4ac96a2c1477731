"""The console: server-rendered pages for staff and the public. A client of the gateway's HTTP API; it keeps no data."""
