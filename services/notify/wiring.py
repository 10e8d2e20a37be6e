"""What is plugged into what in notify."""

from services.notify.channels import api as callback_routes
from services.notify.channels.sender import sender
from services.notify.contacts import api as contact_routes
from services.notify.contacts.store import ContactDocument
from services.notify.groups.consumers import GROUPS
from services.notify.groups.store import KnownGroupDocument
from services.notify.notifications import api as notification_routes
from services.notify.notifications.commands import stuck
from services.notify.notifications.consumers import ALLOTMENTS, APPLICATIONS, ORDERS
from services.notify.notifications.store import NotificationDocument
from services.notify.settings import NotifySettings
from shared.service import Service, Watch

SERVICE = Service(
    name="notify",
    settings=NotifySettings,
    kinds=(NotificationDocument, ContactDocument, KnownGroupDocument),
    routers=(contact_routes.router, notification_routes.router, callback_routes.router),
    handlers=(GROUPS, ORDERS, APPLICATIONS, ALLOTMENTS),
    workers=(sender,),
    watches=(Watch("stuck_sending", stuck),),
)
