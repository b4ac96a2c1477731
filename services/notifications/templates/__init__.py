"""The message templates (one YAML file each) and how they are read."""
