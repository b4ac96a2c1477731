"""What notifications does, one thing per module; plain Python."""
