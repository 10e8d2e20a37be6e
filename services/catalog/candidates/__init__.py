"""Which records of one place are compared with which: far fewer than all with all."""
