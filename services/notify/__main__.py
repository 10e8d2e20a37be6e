"""`python -m services.notify api relay consume`: one role or several."""

from services.notify.wiring import SERVICE
from shared.process import main

main(SERVICE)
