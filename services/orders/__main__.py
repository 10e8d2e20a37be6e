"""`python -m services.orders api relay consume`: one role or several."""

from shared.process import main

from services.orders.wiring import SERVICE

main(SERVICE)
