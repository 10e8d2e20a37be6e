"""Start it: `python -m services.catalog api relay consume`, one or several roles."""

from shared.process import main

from services.catalog.wiring import SERVICE

if __name__ == "__main__":
    main(SERVICE)
