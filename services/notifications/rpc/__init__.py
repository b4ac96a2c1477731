"""The gRPC face of notifications, and its one call to another service."""
