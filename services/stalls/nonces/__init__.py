"""Nonces: opened by whoever knows them between the close and the announced hour, struck out after it."""
