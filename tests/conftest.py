"""What holds for every test."""

from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True)  # a busy machine is no failure
settings.load_profile("house")
