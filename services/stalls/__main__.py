"""Start it: `python -m services.stalls api relay consume`, one or several roles."""

from shared.process import main

from services.stalls.wiring import SERVICE

if __name__ == "__main__":
    main(SERVICE)
