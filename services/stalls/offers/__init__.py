"""What an officer offers in a call: grounds on days by a plan, to whom, and until when."""
