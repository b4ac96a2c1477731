"""The cases: pure rules, the durable workflows that run them, and the activities that reach the services."""
