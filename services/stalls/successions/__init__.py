"""What follows when a stall is left: who takes it, who moves up for it, who stands by on the day."""
