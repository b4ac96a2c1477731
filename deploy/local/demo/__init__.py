"""Plays demonstration cases through the public API of a running system, and tells each as a story."""
