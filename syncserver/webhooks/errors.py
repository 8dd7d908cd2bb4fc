"""Why something about webhooks is refused."""

from syncserver.kit.errors import ServerError


class WebhookUrlRefused(ServerError):
    """The URL is not one that webhooks are sent to: the sentence says which rule it breaks."""

    code = "webhook_url_refused"
    status = 422


class TooManyWebhooks(ServerError):
    """An organization has only so many."""

    code = "too_many_webhooks"
    status = 409


class WebhookDisabled(ServerError):
    """The endpoint is disabled: nothing is sent to it."""

    code = "webhook_disabled"
    status = 409


class DeliveryUnderWay(ServerError):
    """The delivery is being sent at this moment."""

    code = "delivery_under_way"
    status = 409
    retryable = True
