"""Inputs that a close fixes, the outcome a draw makes of them, and the file by which anybody can check both."""
