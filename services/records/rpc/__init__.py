"""The records service's gRPC face: protos to domain values and back, and who may call what."""
