"""Agencies, staff and capacity as plain values and rules: no storage, no network, no clock."""
