"""The services of RJ Hub, each a process of its own, and the runtime they share."""
