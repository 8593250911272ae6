"""Strangers' text, made safe for each place in which it stands."""
