"""What can go wrong between here and the org, as a person or a scheduler needs to know it."""


class OrgError(Exception):
    """Something about the org does not work; the message says what, where, and what to do."""


class ConfigurationError(OrgError):
    """A setting is wrong or missing."""


class SignInError(OrgError):
    """The org refused the sign-in."""


class ResumableError(OrgError):
    """The work stopped before its end; it can go on later where it stopped."""


class LimitReachedError(ResumableError):
    """The share of the org's daily API requests that may be used is spent."""


class InterruptedRequestError(ResumableError):
    """A person or the system asked to stop."""


class UnreachableError(ResumableError):
    """The org did not answer properly, however often it was asked."""
