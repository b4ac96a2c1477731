"""What a ledger entry, a summary, a viewer and a figure are; plain Python."""
