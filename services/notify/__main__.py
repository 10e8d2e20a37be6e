"""`python -m services.notify api relay consume`: one role or several."""

from shared.process import main

from services.notify.wiring import SERVICE

main(SERVICE)
