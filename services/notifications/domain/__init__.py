"""What an intention, a contact, a template, a link and a message are; plain Python."""
