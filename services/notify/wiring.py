"""What is plugged into what in notify."""

from services.notify.channels import api as callback_routes
from services.notify.channels.sender import sender
from services.notify.contacts import api as contact_routes
from services.notify.contacts.store import ContactDocument
from services.notify.groups.consumers import GROUPS
from services.notify.groups.store import AliasesDocument, KnownGroupDocument
from services.notify.imports import api as import_routes
from services.notify.imports.commands import numbers
from services.notify.notifications import api as notification_routes
from services.notify.notifications.commands import stuck
from services.notify.notifications.consumers import ALLOTMENTS, APPLICATIONS, ORDERS
from services.notify.notifications.store import NotificationDocument
from services.notify.settings import NotifySettings
from shared.imports.store import ImportDocument, still
from shared.imports.worker import importer
from shared.service import Service, Watch

SERVICE = Service(
    name="notify",
    settings=NotifySettings,
    kinds=(NotificationDocument, ContactDocument, KnownGroupDocument, AliasesDocument, ImportDocument),
    routers=(contact_routes.router, import_routes.router, notification_routes.router, callback_routes.router),
    handlers=(GROUPS, ORDERS, APPLICATIONS, ALLOTMENTS),
    workers=(sender, importer(numbers)),
    watches=(Watch("stuck_sending", stuck), Watch("import_still", still)),
)
