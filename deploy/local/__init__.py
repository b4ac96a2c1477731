"""The whole system on one machine, without containers: one supervisor and the parts it runs."""
