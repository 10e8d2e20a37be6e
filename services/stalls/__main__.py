"""Start it: `python -m services.stalls api relay consume stream`, one or several roles."""

from services.stalls.wiring import SERVICE
from shared.process import main

if __name__ == "__main__":
    main(SERVICE)
