"""The gRPC face of reporting."""
