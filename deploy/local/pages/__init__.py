"""What the local web pages share: layout, headers that keep a page safe, and the HTTP server that serves them."""
