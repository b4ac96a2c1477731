"""What callers ask of the agencies service, one verb phrase a file; each runs inside one unit of work."""
