"""What callers see of the import of contacts: the list whose groups the registry imports, for its phones."""

from services.notify.imports.commands import numbers
from shared.imports.api import imports_router

router = imports_router("contact-imports", numbers, "contact-imports")
