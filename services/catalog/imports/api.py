"""What callers see of the import of groups."""

from services.catalog.imports.commands import another_programme, groups
from shared.imports.api import imports_router

router = imports_router("imports", groups, "imports", another_programme)
