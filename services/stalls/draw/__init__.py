"""The draw: who gets which stall and why, from files anybody can read; no clock, no network, no database."""
