"""The pages anyone may open: no sign-in, no cookie, nothing kept in the browser."""
