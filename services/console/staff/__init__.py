"""The pages of those who work here: sign-in needed, one file per group of pages."""
