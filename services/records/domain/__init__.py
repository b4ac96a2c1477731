"""People, notes, safe contact and who may see a case, as plain values and rules: no storage, no network, no clock."""
