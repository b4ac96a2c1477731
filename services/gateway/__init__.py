"""The HTTP API: authenticates, turns HTTP into a workflow step or a gRPC call, and refusals into problem+json."""
