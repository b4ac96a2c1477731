"""The local message provider: keeps what would have been sent, and shows it to whoever develops or tries RJ Hub."""
