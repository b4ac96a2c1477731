"""The agencies service: who works here, who may see what, and who is free to take a case."""
