"""What can be asked of the ledger, one question per module; plain Python."""
