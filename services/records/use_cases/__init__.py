"""What callers ask of the records service, one verb phrase a file; each runs inside one unit of work."""
