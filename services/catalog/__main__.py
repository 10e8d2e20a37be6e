"""Start it: `python -m services.catalog api relay consume`, one or several roles."""

from services.catalog.wiring import SERVICE
from shared.process import main

if __name__ == "__main__":
    main(SERVICE)
