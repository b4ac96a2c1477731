"""The fictional region: its data as readable YAML, its checks, and the loader that sends it to agencies."""
