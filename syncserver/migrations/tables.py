"""Every table of the server: importing the models registers them."""

from syncserver.analytics import models as analytics
from syncserver.audit import models as audit
from syncserver.billing import models as billing
from syncserver.changes import models as changes
from syncserver.corrections import models as corrections
from syncserver.documents import models as documents
from syncserver.events import record as events
from syncserver.identity.api_keys import models as api_keys
from syncserver.identity.devices import models as devices
from syncserver.identity.invitations import models as invitations
from syncserver.identity.passwords import models as passwords
from syncserver.identity.people import models as people
from syncserver.identity.second_factor import models as second_factor
from syncserver.identity.sessions import models as sessions
from syncserver.ingest import models as ingest
from syncserver.kit import idempotency, throttle
from syncserver.kit.columns import Base
from syncserver.processing import models as processing
from syncserver.templates import models as templates
from syncserver.tenants import models as tenants
from syncserver.usage import models as usage
from syncserver.webhooks import models as webhooks

MODULES = (
    analytics,
    audit,
    billing,
    changes,
    corrections,
    documents,
    events,
    api_keys,
    devices,
    invitations,
    passwords,
    people,
    second_factor,
    sessions,
    ingest,
    idempotency,
    throttle,
    templates,
    tenants,
    usage,
    processing,
    webhooks,
)
METADATA = Base.metadata
