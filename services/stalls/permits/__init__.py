"""The papers in a ground's file, and what they and the calendar let it be used for."""
