"""Notifications: message templates, the send-time guard, and at most one delivery per intention."""
