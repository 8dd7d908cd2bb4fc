"""Why something about billing is refused."""

from syncserver.kit.errors import ServerError


class BillingNotSetUp(ServerError):
    """The server has no account at Stripe."""

    code = "billing_not_set_up"
    status = 503


class BillingUnreachable(ServerError):
    """Stripe did not answer, or not in a way that says whether it did what was asked."""

    code = "billing_unreachable"
    status = 503
    retryable = True


class BillingRefused(ServerError):
    """Stripe does not do what was asked."""

    code = "billing_refused"
    status = 422


class PaymentRefused(ServerError):
    """The bank refused the payment."""

    code = "payment_refused"
    status = 402


class AlreadySubscribed(ServerError):
    """The organization has a subscription."""

    code = "already_subscribed"
    status = 409


class NotACustomer(ServerError):
    """Nothing was ever bought for the organization."""

    code = "not_a_customer"
    status = 409


class SignatureInvalid(ServerError):
    """A message that claims to be Stripe's does not bear its signature."""

    code = "signature_invalid"
    status = 400
