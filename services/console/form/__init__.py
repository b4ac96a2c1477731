"""Forms described once: from one description come the page, the reading of what was sent, and the API's body."""
