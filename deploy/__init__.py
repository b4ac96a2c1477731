"""How RJ Hub runs: on one machine, in containers, in a cluster."""
