"""`python -m services.orders api relay consume stream`: one role or several."""

from services.orders.wiring import SERVICE
from shared.process import main

main(SERVICE)
