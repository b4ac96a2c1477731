"""Names, ids and messages between gateway, worker and the case core: plain dataclasses, standard library only."""
