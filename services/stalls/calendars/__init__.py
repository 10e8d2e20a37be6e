"""What each day is in a district: holiday, exam, election, relief camp."""
